import { builder } from '../builder.ts';

export const Platform = builder.enumType('Platform', {
  description: 'Whom a workspace is for.',
  values: {
    CONSUMER: { description: 'One person, who calls from a phone app.' },
    BUSINESS: { description: 'A business, whose assistants answer and place calls.' },
  },
});

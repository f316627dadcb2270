import { formatMoney, type Money as MoneyValue } from '../../kit/money.ts';
import { builder } from '../builder.ts';

export const Money = builder.objectRef<MoneyValue>('Money').implement({
  description: 'An amount of money.',
  fields: (t) => ({
    amount: t.exposeInt('amount', { description: 'In the smallest unit of the currency, e.g. cents: 115 is $1.15.' }),
    currency: t.exposeString('currency', { description: 'ISO 4217, e.g. `USD`.' }),
    formatted: t.string({ description: 'As people write it, e.g. `$1.15`.', resolve: formatMoney }),
  }),
});

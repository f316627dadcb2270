import { type CostLine, costLines, totalMicros } from '../../domain/calls/costs/cost-lines.ts';
import { dollars } from '../../kit/money.ts';
import { builder } from '../builder.ts';
import { CallEngine } from './call-handling-input.ts';
import { Call } from './calls.ts';
import { Money } from './money.ts';

const CallCost = builder.objectRef<CostLine>('CallCost').implement({
  description: 'What a call cost of one thing that vendors charge for.',
  fields: (t) => ({
    item: t.exposeString('item', { description: 'What it is, e.g. `carrier-minutes-inbound` or `voice-model-audio-out`.' }),
    amount: t.field({ type: Money, description: 'What it cost, to the nearest cent.', resolve: ({ amountMicros }) => dollars(amountMicros) }),
    micros: t.int({
      description: 'The same in millionths of a dollar: much of a call costs less than a cent.',
      resolve: ({ amountMicros }) => Number(amountMicros),
    }),
    quantity: t.exposeFloat('quantity', { description: 'How much of it.' }),
    unit: t.exposeString('unit', { description: 'What the quantity counts: minutes, seconds, tokens, turns, days.' }),
  }),
});

builder.prismaObjectFields(Call, (t) => ({
  engine: t.expose('engine', { type: CallEngine, description: 'How the assistant talks in it: it may go on in turns where the realtime model is lost.' }),
  intent: t.exposeString('intent', { nullable: true, description: 'What the caller wanted, in a few words; null until it is written, soon after the call.' }),
  summary: t.exposeString('summary', { nullable: true, description: 'What came of it, in some sentences; null until it is written, soon after the call.' }),
  costs: t.field({
    type: [CallCost],
    description:
      "What it cost, item by item, the dearest first: by the carrier's and the models' own figures, and by the price list until they are known. The rent of the number is shared out among its calls once their day (of UTC) is over.",
    select: { costs: true },
    resolve: ({ costs }) => costLines(costs),
  }),
  totalCost: t.field({
    type: Money,
    description:
      'What it cost in all; it may still change until the carrier has told its price, some minutes after the call, and until the rent of the number is shared out, the day after.',
    select: { costs: true },
    resolve: ({ costs }) => dollars(totalMicros(costs)),
  }),
}));

import type { TenantDb } from '../../db/tenant.ts';
import type { EventSink } from '../../db/transaction.ts';
import type { Clock } from '../../kit/clock.ts';
import type { Problem } from '../../kit/errors.ts';
import type { Logger } from '../../kit/logger.ts';
import type { Carrier } from '../../ports/carrier.ts';
import type { NumberRejected, NumberUrls } from '../../ports/carrier-numbers.ts';

/** What the verbs about lines are given. */
export interface LineScope {
  readonly db: TenantDb;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly logger: Logger;
  readonly carrier: Carrier | null;
  readonly config: { readonly publicUrl: string };
}

export const NO_CARRIER = 'No telephone carrier is configured, so there are no numbers to be had.';

/** Where the calls of a number go. The fallback asks the same question again: it is meant for an answer that was lost. */
export function numberUrls(publicUrl: string, path: string): NumberUrls {
  const base = `${publicUrl}/webhooks/${path}`;
  return { voiceUrl: `${base}/voice`, fallbackUrl: `${base}/voice?fallback=1`, statusUrl: `${base}/status` };
}

const PREFIX = 'callgraph:';
/** By which a number that was bought is found again, whatever became of the answer. */
export const labelOf = (purchaseId: string): string => PREFIX + purchaseId;
/** The purchase that a label names, or null where the number is none of ours. */
export const purchaseNamedBy = (label: string): string | null => (label.startsWith(PREFIX) ? label.slice(PREFIX.length) : null);

const REFUSALS: Readonly<Record<NumberRejected['kind'], Problem>> = {
  gone: { code: 'CONFLICT', message: 'Somebody else has taken this number meanwhile. Choose another one.' },
  invalid: { code: 'INVALID', message: 'The carrier does not sell this number.', path: ['input', 'phoneNumber'] },
  'address-required': {
    code: 'UPSTREAM_REJECTED',
    message: 'Numbers like this are sold only to accounts with an address on file. Add one in the console of the carrier, or choose another number.',
  },
  'bundle-required': {
    code: 'UPSTREAM_REJECTED',
    message:
      'The country asks for papers about who uses the number (a regulatory bundle). Hand them in in the console of the carrier, or choose a number of another country.',
  },
  'account-limit': { code: 'UPSTREAM_REJECTED', message: 'The account with the carrier may hold no more numbers. Upgrade it, or release a number.' },
  'busy-account': { code: 'UPSTREAM_REJECTED', message: 'The carrier takes no more orders at the moment. Try again in a minute.' },
  configuration: { code: 'UPSTREAM_REJECTED', message: 'The carrier refused because of how its account is set up.' },
  other: { code: 'UPSTREAM_REJECTED', message: 'The carrier refused to sell the number.' },
};

/** What a refusal of the carrier is to whoever wanted the number. */
export const numberRefusal = ({ kind }: NumberRejected): Problem => REFUSALS[kind];

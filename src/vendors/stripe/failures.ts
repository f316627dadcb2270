import { z } from 'zod';
import { PaymentsRejected, PaymentsUnreachable } from '../../ports/payments.ts';

/** The library's errors, told by their shape: the classes would have to be loaded with the client. */
const stripeError = z.object({ type: z.string().startsWith('Stripe'), message: z.string(), statusCode: z.int().optional(), code: z.string().nullish() });

/** No use in asking again, unless something else changes first. */
const REFUSALS = new Set(['StripeInvalidRequestError', 'StripeAuthenticationError', 'StripePermissionError', 'StripeCardError', 'StripeIdempotencyError']);

/** What an error of the library means. Its request, and with it our key, is left behind. */
export function stripeFailure(doing: string, error: unknown): Error {
  if (error instanceof PaymentsRejected || error instanceof PaymentsUnreachable) return error;
  const { data } = stripeError.safeParse(error);
  if (!data) return error instanceof Error ? error : new Error(`${doing}: ${String(error)}`);
  const text = `${doing}: ${data.statusCode ? `Stripe answered ${data.statusCode}` : 'Stripe did not answer'}: ${data.message}`;
  // 409: the same write is under way elsewhere.
  return REFUSALS.has(data.type) && data.statusCode !== 409 ? new PaymentsRejected(text, data.code ?? data.type) : new PaymentsUnreachable(text);
}

/** Whether a thing does not exist (any more). */
export const isMissing = (error: unknown): boolean => error instanceof PaymentsRejected && error.code === 'resource_missing';

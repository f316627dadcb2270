import { z } from 'zod';
import { CarrierPayloadError } from '../ports/carrier.ts';
import type { CarrierRequest } from '../ports/carrier-webhook.ts';

/** An id of ours, as we write it into the addresses that a carrier is given. */
export const ourId = z.string().regex(/^[0-9a-f]{32}$/);

/** The query of a webhook's address. @throws CarrierPayloadError where it cannot be one of ours. */
export function readQuery<T>(schema: z.ZodType<T>, request: CarrierRequest): T {
  const start = request.pathAndQuery.indexOf('?');
  const parsed = schema.safeParse(start === -1 ? {} : Object.fromEntries(new URLSearchParams(request.pathAndQuery.slice(start))));
  if (parsed.success) return parsed.data;
  throw new CarrierPayloadError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
}

import { z } from 'zod';
import { TextModelError } from '../../ports/text-model.ts';

// The SDK's own errors, told by their shape: the classes would have to be loaded with the client.
const apiError = z.object({ status: z.int(), code: z.string().nullish(), type: z.string().nullish(), message: z.string() });
const sdkError = z.object({ name: z.string().optional(), message: z.string(), cause: z.object({ code: z.string() }).partial().optional().catch(undefined) });

/** Statuses that say nothing against the request itself. */
const PASSING = new Set([408, 409, 429]);
/** Nothing was ever sent. */
const UNSENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH']);

/** What an error of the SDK means: a 4xx is a refusal, a busy or broken service is unavailable, and a lost answer uncertain. */
export function openAiFailure(error: unknown): TextModelError {
  if (error instanceof TextModelError) return error;
  const api = apiError.safeParse(error);
  if (api.success) {
    const { status, code, type, message } = api.data;
    const told = code ?? type ?? String(status);
    // An account without money answers 429 as a busy one does, and stays so.
    const passing = status >= 500 || (PASSING.has(status) && told !== 'insufficient_quota');
    return new TextModelError(`OpenAI answered ${status}: ${message}`, passing ? 'unavailable' : 'refused', told, error);
  }
  const sdk = sdkError.safeParse(error);
  const code = causeCode(error) ?? (sdk.success ? sdk.data.name : undefined) ?? 'unknown';
  const message = `OpenAI did not answer: ${sdk.success ? sdk.data.message : 'for no reason given'} (${code})`;
  return new TextModelError(message, UNSENT.has(code) ? 'unavailable' : 'uncertain', code, error);
}

/** The system's code, however deep it lies. */
function causeCode(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return undefined;
}

/** What went wrong and the user can act on: returned, never thrown. The codes are those of the API's `UserErrorCode`. */
export interface Problem {
  readonly code: ProblemCode;
  /** A complete sentence for the person who made the request. */
  readonly message: string;
  /** The path of the offending input field, e.g. `['input', 'hours', '0', 'opens']`. */
  readonly path?: readonly string[];
}

export type ProblemCode =
  | 'INVALID'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'ALREADY_EXISTS'
  | 'LIMIT_REACHED'
  | 'TRIAL_EXPIRED'
  | 'PLAN_REQUIRED'
  | 'PAYMENT_REQUIRED'
  | 'OUTSIDE_HOURS'
  | 'SLOT_TAKEN'
  | 'SUPPRESSED'
  | 'NO_CONSENT'
  | 'QUIET_HOURS'
  | 'FREQUENCY_CAP'
  | 'INVALID_CREDENTIALS'
  | 'TOKEN_EXPIRED'
  | 'FILE_REJECTED'
  | 'UPSTREAM_REJECTED'
  | 'ILLEGAL_STATE';

/** What a verb answers: its value, or the problems that kept it from acting. */
export type Result<T, P extends Problem = Problem> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly P[] };

export const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value });

export const refused = <P extends Problem>(...problems: P[]): { ok: false; problems: P[] } => ({ ok: false, problems });

/** A refusal with one plain problem. */
export const refuse = (code: ProblemCode, message: string, path?: readonly string[]) => refused<Problem>({ code, message, ...(path && { path }) });

export type FaultCode = 'UNAUTHENTICATED' | 'FORBIDDEN' | 'NOT_FOUND' | 'RATE_LIMITED' | 'BAD_USER_INPUT' | 'QUERY_TOO_COMPLEX' | 'UPSTREAM_UNAVAILABLE';

/** What the user cannot act on, thrown to the edge, where it becomes a top-level GraphQL error or an HTTP status. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: FaultCode;
  /** Shown beside the code, e.g. `{ retryAfterSeconds: 30 }`. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: FaultCode, message: string, details: Record<string, unknown> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
  }
}

/** Why a process cannot start, for whoever starts it: shown without a stack. */
export class StartError extends Error {
  override readonly name: string = 'StartError';
}

/** For the end of a closed union: a case that the compiler proves cannot happen. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}

/** What decides whether a call that comes in is put through to an assistant. */
export interface InboundFacts {
  /** False: the number is nobody's, or its line or workspace is suspended. */
  readonly inService: boolean;
  /** It is the number that many workspaces call from: whom a caller wants is told by who called them last. */
  readonly shared: boolean;
  /** Somebody answers the line. */
  readonly assigned: boolean;
  /** Calls of the workspace that are not over. */
  readonly liveCalls: number;
}

/** `recorded`: the workspace is to see that somebody called. What is said is said by the carrier's own voice. */
export type Admission =
  | { readonly admitted: true }
  | { readonly admitted: false; readonly reason: InboundRefusal; readonly recorded: boolean; readonly say: string; readonly language: string };

export type InboundRefusal = 'not-in-service' | 'nobody-to-call-back' | 'unassigned' | 'too-many-calls';

/** A workspace's calls at one time, so that one number that rings without end leaves room for all others. */
export const MOST_LIVE_CALLS = 200;

const SENTENCES: Readonly<Record<InboundRefusal, string>> = {
  'not-in-service': 'The number you have called is not in service. Goodbye.',
  'nobody-to-call-back': 'Thank you for calling back. We do not find a recent call to you from this number, so nobody can answer. Goodbye.',
  unassigned: 'We are sorry, nobody can take your call at the moment. Please try again later. Goodbye.',
  'too-many-calls': 'We are sorry, all our lines are busy at the moment. Please call again in a few minutes. Goodbye.',
};

/** Whether a call that comes in is taken; if not, callers hear why and never a line that just goes dead. */
export function admitInbound({ inService, shared, assigned, liveCalls }: InboundFacts): Admission {
  if (!inService) return refusal(shared ? 'nobody-to-call-back' : 'not-in-service', false);
  if (!assigned) return refusal('unassigned', false);
  if (liveCalls >= MOST_LIVE_CALLS) return refusal('too-many-calls', true);
  return { admitted: true };
}

/** What was said to a caller who was not put through, for when the carrier asks again. */
export const inboundRefusal = (reason: string | null): { say: string; language: string } | undefined =>
  isRefusal(reason) ? { say: SENTENCES[reason], language: 'en-US' } : undefined;

const isRefusal = (reason: string | null): reason is InboundRefusal => reason !== null && Object.hasOwn(SENTENCES, reason);

const refusal = (reason: InboundRefusal, recorded: boolean): Admission => ({
  admitted: false,
  reason,
  recorded,
  say: SENTENCES[reason],
  language: 'en-US',
});

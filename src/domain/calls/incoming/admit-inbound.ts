import { carrierSentence } from '../sentences.ts';

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
  /** BCP 47, of the assistant; left out where there is none. */
  readonly language?: string;
}

/** `recorded`: the workspace is to see that somebody called. What is said is said by the carrier's own voice. */
export type Admission = { readonly admitted: true } | Refused;

interface Refused {
  readonly admitted: false;
  readonly reason: InboundRefusal;
  readonly recorded: boolean;
  readonly say: string;
  readonly language: string;
}

export type InboundRefusal = 'not-in-service' | 'nobody-to-call-back' | 'unassigned' | 'too-many-calls' | 'plan-limit';

/** A workspace's calls at one time, so that one number that rings without end leaves room for all others. */
export const MOST_LIVE_CALLS = 200;

/** Of a number that is nobody's it is not known what its callers speak. */
const NOBODYS: Readonly<Partial<Record<InboundRefusal, string>>> = {
  'not-in-service': 'The number you have called is not in service. Goodbye.',
  'nobody-to-call-back': 'Thank you for calling back. We do not find a recent call to you from this number, so nobody can answer. Goodbye.',
};
const REASONS: readonly InboundRefusal[] = ['not-in-service', 'nobody-to-call-back', 'unassigned', 'too-many-calls', 'plan-limit'];
const DEFAULT_LANGUAGE = 'en-US';

function sentenceOf(reason: InboundRefusal, language: string): { say: string; language: string } {
  const say = NOBODYS[reason];
  if (say !== undefined) return { say, language: DEFAULT_LANGUAGE };
  return carrierSentence(language, ({ linesBusy, nobodyHere }) => (reason === 'too-many-calls' ? linesBusy : nobodyHere));
}

/** Whether a call that comes in is taken; if not, callers hear why and never a line that just goes dead. */
export function admitInbound({ inService, shared, assigned, liveCalls, language = DEFAULT_LANGUAGE }: InboundFacts): Admission {
  if (!inService) return refusal(shared ? 'nobody-to-call-back' : 'not-in-service', false, language);
  if (!assigned) return refusal('unassigned', false, language);
  if (liveCalls >= MOST_LIVE_CALLS) return refusal('too-many-calls', true, language);
  return { admitted: true };
}

/** The plan has nothing left for the call: only the transaction that asks for its part knows. */
export const beyondPlan = (language: string): Refused => refusal('plan-limit', true, language);

/** What was said to a caller who was not put through, for when the carrier asks again. */
export function inboundRefusal(reason: string | null, language: string): { say: string; language: string } | undefined {
  const refused = REASONS.find((known) => known === reason);
  return refused && sentenceOf(refused, language);
}

const refusal = (reason: InboundRefusal, recorded: boolean, language: string): Refused => ({
  admitted: false,
  reason,
  recorded,
  ...sentenceOf(reason, language),
});

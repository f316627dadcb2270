import type { TextUsage } from '../../../ports/text-model.ts';
import type { ReadingScope } from '../../surveys/read-answer.ts';
import type { CallScope } from '../advance-call.ts';

/** What the tools of an interview work with. */
export interface InterviewScope extends CallScope, ReadingScope {
  readonly callId: string;
  /** Takes down what the text model used. */
  spent(usage: TextUsage): void;
}

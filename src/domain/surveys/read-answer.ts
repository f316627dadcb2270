import type { Clock } from '../../kit/clock.ts';
import type { Logger } from '../../kit/logger.ts';
import { retry } from '../../kit/retry.ts';
import { SECOND } from '../../kit/time.ts';
import { type TextModel, TextModelError, type TextUsage } from '../../ports/text-model.ts';
import { again, type Mapping, type Reaction } from './answer.ts';
import { mappingOf, mappingRequest } from './answer-model.ts';
import { mapByRules } from './map-answer.ts';
import type { Question } from './question.ts';

export interface ReadingScope {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Null: what the rules cannot weigh is asked again, then left to a person. */
  readonly textModel: TextModel | null;
}

/** What an utterance came to, and what the text model used for it; null where it was not asked. */
export interface ReadAnswer {
  readonly mapping: Mapping;
  readonly usage: TextUsage | null;
}

const LONGEST_MS = 5 * SECOND;

/**
 * Reads what somebody said to a question: by rules, else by the text model within the question's own values. A model that
 * does not answer leaves it undecided: it is asked again. Never rejects for the model's sake.
 */
export async function readAnswer({ clock, logger, textModel }: ReadingScope, question: Question, reaction: Reaction): Promise<ReadAnswer> {
  const byRules = mapByRules(question, reaction);
  if (byRules) return { mapping: byRules, usage: null };
  if (!textModel) return { mapping: again(reaction), usage: null };
  try {
    const busy = (error: unknown) => error instanceof TextModelError && error.kind === 'unavailable';
    const { value, usage } = await retry({ clock, attempts: 2, pauseMs: SECOND / 5, longestPauseMs: SECOND / 2, again: busy }, () =>
      textModel.extract({ ...mappingRequest(question, reaction), maximumTokens: 300, timeoutMs: LONGEST_MS }),
    );
    return { mapping: mappingOf(question, reaction, value), usage };
  } catch (error) {
    if (!(error instanceof TextModelError)) throw error;
    logger.warn({ code: error.code, kind: error.kind, reason: error.message }, 'the text model did not read an answer; it is asked again');
    return { mapping: again(reaction), usage: null };
  }
}

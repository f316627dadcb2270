import { z } from 'zod';
import { SECOND } from '../../../kit/time.ts';

const question = z
  .union([z.string().max(20), z.int().transform(String)])
  .describe('The number of the question, as the last tool gave it; 0 before the first question.');
const words = z.string().max(4_000).describe('What they said, in their own words, exactly and all of it; or the keys, e.g. [pressed 4].');
/** A text model may have to read it. */
const deadlineMs = 12 * SECOND;

const SAYS =
  'Say what stands in `say`, word for word. `question` is the number of the question that is asked with it; if `ends` is true, the call ends behind it.';

/** What a model that interviews somebody may ask us to do. */
export const INTERVIEW_TOOLS = {
  record_answer: {
    description: `Takes down what they said to a question, and tells what to say next. Use it whenever they have said something in answer. ${SAYS}`,
    arguments: z.object({ question, words }),
    deadlineMs,
  },
  skip_question: {
    description: `Passes a question that they cannot or do not want to answer, or all that are left. ${SAYS}`,
    arguments: z.object({
      question,
      words,
      reason: z
        .enum(['no_answer', 'refused', 'whole_survey'])
        .describe(
          'no_answer: they have none or do not know. refused: they do not want to answer this one. whole_survey: they want no more questions at all, or are not the one to ask.',
        ),
    }),
    deadlineMs,
  },
  schedule_callback: {
    description: `Has them called again when it suits them better. Use it when they asked for that and have said when. ${SAYS}`,
    arguments: z.object({ when: z.string().min(1).max(200).describe('When it would suit them, in their own words, e.g. tomorrow at half past two.') }),
    deadlineMs,
  },
} as const;

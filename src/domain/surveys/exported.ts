import type { Question } from './question.ts';

/** A response, as far as an export tells of it. */
export interface ExportedResponse {
  readonly id: string;
  readonly complete: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly name: string | null;
  readonly phoneNumber: string;
  readonly email: string | null;
  readonly answers: readonly {
    readonly step: number;
    readonly questionKey: string;
    readonly status: string;
    readonly mapped: readonly string[];
    readonly raw: string;
  }[];
}

const BOM = '\uFEFF';

/**
 * The head of a list with one line a response, as spreadsheets read it (RFC 4180, UTF-8 with a mark): the answers as they
 * were mapped, and behind each its status and the words that were said.
 */
export function csvHead(questions: readonly Question[]): string {
  const titles = questions.flatMap(({ title, groupTitle }) => {
    const name = groupTitle ? `${groupTitle} [${title}]` : title;
    return [name, `${name} (status)`, `${name} (words)`];
  });
  return BOM + csvLine(['Response', 'Begun', 'Complete', 'Name', 'Phone', 'E-mail', ...titles]);
}

export function csvResponse(questions: readonly Question[], response: ExportedResponse): string {
  const { id, createdAt, complete, name, phoneNumber, email } = response;
  const latest = latestAnswers(response);
  const cells = questions.flatMap(({ key }) => {
    const answer = latest.get(key);
    return answer ? [answer.mapped.join('; '), answer.status, answer.raw] : ['', '', ''];
  });
  return csvLine([id, createdAt.toISOString(), complete ? 'yes' : 'no', name ?? '', { plain: phoneNumber }, email ?? '', ...cells]);
}

/** `FormResponse` of the Google Forms API v1: only what was mapped, as the form would have it. */
export function formResponse(formId: string | null, response: ExportedResponse) {
  const answers = [...latestAnswers(response).values()].filter(({ status, mapped }) => status === 'VALID' && mapped.length > 0);
  const lastSubmittedTime = response.updatedAt.toISOString();
  return {
    ...(formId !== null && { formId }),
    responseId: response.id,
    createTime: response.createdAt.toISOString(),
    lastSubmittedTime,
    ...(response.email && { respondentEmail: response.email }),
    answers: Object.fromEntries(
      answers.map(({ questionKey, mapped }) => [questionKey, { questionId: questionKey, textAnswers: { answers: mapped.map((value) => ({ value })) } }]),
    ),
  };
}

/** Of a question that was asked twice, the last answer. */
const latestAnswers = ({ answers }: ExportedResponse) => new Map(answers.toSorted((a, b) => a.step - b.step).map((answer) => [answer.questionKey, answer]));

type Cell = string | { readonly plain: string };

/** Cells that a spreadsheet would take for a formula begin with an apostrophe. */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(cell).join(',')}\r\n`;

/** @see https://owasp.org/www-community/attacks/CSV_Injection */
function cell(value: Cell): string {
  if (typeof value !== 'string') return quoted(value.plain);
  return quoted(/^[=+\-@\t\r]/.test(value) ? `'${value}` : value);
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text);

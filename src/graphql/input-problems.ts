import type { Problem } from '../kit/errors.ts';

/** What validation finds: a sentence and where, as every Standard Schema library tells it. */
interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** Thrown while the arguments of a field are read. A mutation answers it in its payload; anywhere else it is BAD_USER_INPUT. */
export class InputProblems extends Error {
  override readonly name = 'InputProblems';
  readonly problems: readonly Problem[];

  constructor(issues: readonly Issue[]) {
    const problems = issues.map(({ message, path }) => ({
      code: 'INVALID' as const,
      message,
      path: (path ?? []).map((step) => String(typeof step === 'object' ? step.key : step)),
    }));
    super(problems.map((problem) => problem.message).join(' '));
    this.problems = problems;
  }
}

import type { z } from 'zod';
import { ok, type Problem, type Result, refused } from './errors.ts';

/**
 * Checks what a person sent against a schema whose messages are sentences for that person.
 *
 * @param at the path of the value within the request, e.g. `['input']`.
 * @returns the parsed value, or one INVALID problem for each field that cannot be taken, with its path.
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, value: unknown, at: readonly string[] = ['input']): Result<z.output<Schema>> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  return refused(...parsed.error.issues.map((issue): Problem => ({ code: 'INVALID', message: issue.message, path: [...at, ...issue.path.map(String)] })));
}

import { PothosValidationError } from '@pothos/core';
import { GraphQLError } from 'graphql';
import { Fault } from '../kit/errors.ts';
import type { Logger } from '../kit/logger.ts';
import { InputProblems } from './input-problems.ts';

const BAD_USER_INPUT = 'BAD_USER_INPUT';
const published = new WeakSet<GraphQLError>();

/**
 * What a client may see of an error. A `Fault` shows its code and details; what the client did wrong is
 * BAD_USER_INPUT; everything else is INTERNAL with nothing but the request's id, and is logged here, once, with it.
 */
export function publicError(error: unknown, { logger, requestId }: { logger: Logger; requestId: string }): GraphQLError {
  if (error instanceof GraphQLError && published.has(error)) return error;
  const located = error instanceof GraphQLError ? error : null;
  const cause = causeOf(error);
  const known = describe(cause, error);
  if (known) return again(located, known.message, known.extensions, cause);
  logger.error({ err: cause, requestId, path: located?.path?.join('.') }, 'a request failed');
  return again(located, 'Something went wrong on our side. Quote the request id when you report it.', { code: 'INTERNAL', requestId });
}

/** The error that a resolver threw, from within what the executor made of it. */
function causeOf(error: unknown): unknown {
  let inner = error;
  while (inner instanceof GraphQLError && inner.originalError) inner = inner.originalError;
  return inner;
}

function describe(error: unknown, outer: unknown): { message: string; extensions: Record<string, unknown> } | null {
  if (error instanceof Fault) return { message: error.message, extensions: { ...error.details, code: error.code } };
  if (error instanceof InputProblems) return { message: error.message, extensions: { code: BAD_USER_INPUT, problems: error.problems } };
  if (error instanceof PothosValidationError) return { message: error.message, extensions: { code: BAD_USER_INPUT } };
  // Not thrown by a resolver: the document, its variables, or a scalar that could not be read.
  if (error instanceof GraphQLError) {
    const code = Object(error.extensions.http).status === 403 ? 'FORBIDDEN' : BAD_USER_INPUT;
    return { message: error.message, extensions: { ...error.extensions, ...inputPath(outer), code } };
  }
  // Prisma's "no such row": a row that the viewer's client does not see, or that went while the operation ran.
  if (error instanceof Error && 'code' in error && error.code === 'P2025') return { message: 'There is no such object.', extensions: { code: 'NOT_FOUND' } };
  return null;
}

/** Where in the variables a value is that a scalar would not read: only the executor's sentence around the scalar's tells. */
function inputPath(outer: unknown): { inputPath?: string[] } {
  const [, variable, inside = ''] =
    (outer instanceof Error && /^Variable "\$(\w+)" got invalid value .*? at "(?:\w+)((?:\.\w+|\[\d+\])*)"/s.exec(outer.message)) || [];
  return variable ? { inputPath: [variable, ...(inside.match(/\w+/g) ?? [])] } : {};
}

function again(located: GraphQLError | null, message: string, extensions: Record<string, unknown>, cause?: unknown): GraphQLError {
  const { nodes, source, positions, path } = located ?? {};
  // For those who look at errors on their way out, such as Yoga; it is not written into the response.
  const originalError = cause instanceof Error && !(cause instanceof GraphQLError) ? cause : undefined;
  const shown = new GraphQLError(message, { nodes, source, positions, path, extensions, originalError });
  published.add(shown);
  return shown;
}

import type { ComplexityErrorKind, ComplexityResult } from '@pothos/plugin-complexity';
import type { GraphQLField } from 'graphql';
import { Fault } from '../kit/errors.ts';

/** What one operation may cost at most. A full page of 100 entries with 15 fields each is about 1,600. */
export const complexityLimit = { complexity: 5_000, depth: 12, breadth: 300 };

/** A connection costs what was asked for, times what is asked of each entry. */
export function fieldComplexity(args: Record<string, unknown>, _context: unknown, field: Pick<GraphQLField<unknown, unknown>, 'args'>) {
  const takes = (name: string) => field.args.some((argument) => argument.name === name);
  if (takes('first')) return { field: 1, multiplier: Math.max(1, Number(args.first ?? args.last ?? 20)) };
  if (Array.isArray(args.ids)) return { field: 1, multiplier: Math.max(1, args.ids.length) };
  return { field: 1, multiplier: 1 };
}

type Limits = { [K in keyof ComplexityResult as `max${Capitalize<K>}`]?: number };

export function complexityError(kind: ComplexityErrorKind, result: ComplexityResult & Limits): Fault {
  const { complexity, depth, breadth, maxComplexity, maxDepth, maxBreadth } = result;
  const measure = { Complexity: [complexity, maxComplexity], Depth: [depth, maxDepth], Breadth: [breadth, maxBreadth] }[kind];
  const message = `The operation is too large: its ${kind.toLowerCase()} is ${measure[0]} and ${measure[1]} is allowed. Ask for smaller pages or fewer fields.`;
  return new Fault('QUERY_TOO_COMPLEX', message, { complexity, depth, breadth });
}

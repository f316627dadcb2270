import type { FieldMap, InterfaceRef, ObjectRef } from '@pothos/core';
import type { Problem, ProblemCode, Result } from '../kit/errors.ts';
import { builder } from './builder.ts';
import { markPayload } from './conventions-plugin.ts';

type SchemaTypes = typeof builder.$inferSchemaTypes;

const CODES: Record<ProblemCode, string> = {
  INVALID: 'The input breaks a rule; `path` says where.',
  NOT_FOUND: 'Something that the input names does not exist in the workspace.',
  CONFLICT: 'Something else happened at the same time; read again and decide.',
  ALREADY_EXISTS: 'There is one already.',
  LIMIT_REACHED: 'A limit of the plan is used up.',
  TRIAL_EXPIRED: 'The trial is over.',
  PLAN_REQUIRED: 'The plan does not include this.',
  PAYMENT_REQUIRED: 'The subscription is not paid.',
  OUTSIDE_HOURS: 'The time is outside the opening hours.',
  SLOT_TAKEN: 'Somebody else has the slot; `SlotTaken.alternatives` has free ones.',
  SUPPRESSED: 'The number must not be called: its owner opted out.',
  NO_CONSENT: 'The person has not agreed to be called.',
  QUIET_HOURS: 'It is too early or too late to call where the person lives.',
  FREQUENCY_CAP: 'The person has been called often enough for now.',
  INVALID_CREDENTIALS: 'The e-mail address or the password is wrong.',
  TOKEN_EXPIRED: 'The token is used up, has run out or was never ours.',
  FILE_REJECTED: 'The file cannot be used.',
  UPSTREAM_REJECTED: 'A service that we use said no, e.g. the telephone carrier.',
  ILLEGAL_STATE: 'The thing is in a state in which this cannot be done, e.g. the call has ended.',
};

const UserErrorCode = builder.enumType('UserErrorCode', {
  description: 'What kind of problem it is. Codes are stable; messages are not.',
  values: Object.fromEntries(Object.entries(CODES).map(([code, description]) => [code, { description }])) as { [Code in ProblemCode]: { description: string } },
});

const kinds: { name: string; describes: (problem: Problem) => boolean }[] = [];

export const UserError: InterfaceRef<SchemaTypes, Problem> = builder.interfaceRef<Problem>('UserError').implement({
  description: 'Why a mutation did nothing, for the person who asked for it. The entity in the payload is then null.',
  resolveType: (problem) => kinds.find((kind) => kind.describes(problem))?.name ?? 'InvalidInput',
  fields: (t) => ({
    code: t.expose('code', { type: UserErrorCode, description: 'What kind of problem it is.' }),
    message: t.exposeString('message', { description: 'A complete sentence for the person.' }),
    path: t.stringList({
      nullable: true,
      description: 'Where in the input it is, e.g. `["input", "hours", "0", "opens"]`; null where it is no one field.',
      resolve: (problem) => (problem.path ? [...problem.path] : null),
    }),
  }),
});

builder.objectRef<Problem>('InvalidInput').implement({ interfaces: [UserError], description: 'A problem that its code, message and path say all about.' });

/**
 * Names the type of a problem that carries more than the plain ones, as the free slots beside a taken one. The type
 * itself is an object in its domain's file: `builder.objectRef<SlotTaken>('SlotTaken').implement({ interfaces: [UserError], … })`.
 */
export const userErrorKind = (name: string, describes: (problem: Problem) => boolean) => kinds.push({ name, describes });

/** What a mutation answers: problems and nulls, or values and no problem. */
export type Answer<Values> = { readonly errors: readonly Problem[] } & { readonly [Key in keyof Values]?: Values[Key] | null };

/**
 * Makes a mutation's payload type: the given fields, all nullable, and `errors`. Input that breaks its zod object is
 * answered there too.
 */
export function payload<Values extends object>(
  name: string,
  description: string,
  fields: (t: PothosSchemaTypes.ObjectFieldBuilder<SchemaTypes, Answer<Values>>) => FieldMap,
): ObjectRef<SchemaTypes, Answer<Values>> {
  const ref = builder.objectRef<Answer<Values>>(name);
  markPayload(ref);
  return ref.implement({
    description,
    fields: (t) => ({
      ...fields(t),
      errors: t.field({
        type: [UserError],
        description: 'Empty when it was done. Otherwise what kept it from being done, and everything else here is null.',
        resolve: ({ errors }) => [...errors],
      }),
    }),
  });
}

/** Turns a verb's result into a payload. @param values names the value, e.g. `(call) => ({ call })`. */
export const answer = <T, Values extends object>(result: Result<T>, values: (value: T) => Values): Answer<Values> =>
  result.ok ? { errors: [], ...values(result.value) } : ({ errors: result.problems } as Answer<Values>);

/**
 * The dial permit: every rule that is asked before a call is dialed, in order, up to the first that refuses. It is
 * stored whole with its evidence on the call. It fails closed: what is not known refuses.
 *
 * A rule is a name, the code of its refusal, and a question over plain facts. A rule that a kind of call is not asked
 * answers null for it. Further kinds of calls add their facts and put their rules where they belong in the order.
 */
import { z } from 'zod';
import type { Problem, ProblemCode } from '../../../kit/errors.ts';
import { numberKind } from '../../../kit/number-kind.ts';
import { possibleZones } from '../../contacts/possible-zones.ts';
import { type CallingHours, callingAllowed } from '../../contacts/quiet-hours.ts';

export const dialPermitSchema = z
  .object({
    granted: z.boolean(),
    /** ISO 8601, UTC. */
    decidedAt: z.string(),
    rules: z
      .array(
        z
          .object({
            /** E.g. `not-suppressed`. */
            rule: z.string(),
            passed: z.boolean(),
            /** What decided it, as a sentence. */
            evidence: z.string(),
          })
          .readonly(),
      )
      .readonly(),
  })
  .readonly();

export type DialPermit = z.infer<typeof dialPermitSchema>;
export type DialRule = DialPermit['rules'][number];

/** A refusal that carries its permit. */
export interface DialRefused extends Problem {
  readonly permit: DialPermit;
}

/** What the rules are asked about. */
export interface DialFacts {
  readonly workspace: { readonly suspendedAt: Date | null };
  readonly number: {
    /** As it was asked for. */
    readonly asked: string;
    /** E.164; null where it cannot be a number. */
    readonly e164: string | null;
  };
  readonly suppression: { readonly reason: string; readonly source: string; readonly createdAt: Date } | null;
  readonly line: { readonly phoneNumber: string; readonly shared: boolean } | null;
  /** Null where a person asks for the call now: then only what begins by itself keeps quiet hours. */
  readonly quietHours: { readonly contactTimeZone: string | null; readonly hours?: CallingHours } | null;
}

export type Verdict = Omit<DialRule, 'rule'>;

export interface PermitRule<Facts> {
  readonly rule: string;
  readonly code: ProblemCode;
  /** The field that a refusal points at. */
  readonly path?: readonly string[];
  /** @returns null where the rule is none of this call's. */
  ask(facts: Facts, now: Date): Verdict | null;
}

const passed = (evidence: string): Verdict => ({ passed: true, evidence });
const refusedBecause = (evidence: string): Verdict => ({ passed: false, evidence });

/** Those of every call, by name: further kinds of calls put theirs between them. */
export const RULES = {
  workspaceActive: {
    rule: 'workspace-active',
    code: 'ILLEGAL_STATE',
    ask: ({ workspace }) =>
      workspace.suspendedAt ? refusedBecause(`The workspace was suspended on ${day(workspace.suspendedAt)}.`) : passed('The workspace is active.'),
  },
  validNumber: {
    rule: 'valid-number',
    code: 'INVALID',
    path: ['input', 'to'],
    ask({ number: { asked, e164 } }) {
      const kind = numberKind(e164 ?? asked);
      if (kind === 'short') return refusedBecause('Emergency and service numbers are never called.');
      if (!e164) return refusedBecause('This is not a telephone number.');
      return kind === 'premium' ? refusedBecause(`${e164} is charged extra, and such numbers are never called.`) : passed(`${e164} is a telephone number.`);
    },
  },
  notSuppressed: {
    rule: 'not-suppressed',
    code: 'SUPPRESSED',
    ask: ({ suppression, number }) =>
      suppression
        ? refusedBecause(`${number.e164} must not be called since ${day(suppression.createdAt)}: ${suppression.reason}, from ${suppression.source}.`)
        : passed('Nobody asked not to be called at this number.'),
  },
  lineToCallFrom: {
    rule: 'line-to-call-from',
    code: 'ILLEGAL_STATE',
    ask: ({ line }) =>
      line
        ? passed(`The call is placed from ${line.phoneNumber}${line.shared ? ', the shared number' : ''}.`)
        : refusedBecause('The workspace has no telephone line to call from.'),
  },
  quietHours: {
    rule: 'quiet-hours',
    code: 'QUIET_HOURS',
    ask({ quietHours, number }, now) {
      if (!quietHours) return null;
      const { contactTimeZone, hours } = quietHours;
      const zones = possibleZones(number.e164 ?? '', contactTimeZone);
      if (zones.length === 0) {
        return refusedBecause(
          contactTimeZone === null
            ? `It is not known in which time zone ${number.e164} is; give the contact one.`
            : `${contactTimeZone} is no time zone; give the contact another.`,
        );
      }
      const { allowed, local } = callingAllowed(zones, now, hours);
      const told = local.map((moment) => `${moment.day} ${moment.time} in ${moment.zone}`).join(', ');
      return allowed ? passed(`It is ${told}.`) : refusedBecause(`It is too early or too late to call, or not a day for it: ${told}.`);
    },
  },
} as const satisfies Record<string, PermitRule<DialFacts>>;

export const PERMIT_RULES: readonly PermitRule<DialFacts>[] = [
  RULES.workspaceActive,
  RULES.validNumber,
  RULES.notSuppressed,
  RULES.lineToCallFrom,
  RULES.quietHours,
];

/** Asks the rules in order, up to the first that refuses. */
export function dialPermit<Facts>(facts: Facts, now: Date, rules: readonly PermitRule<NoInfer<Facts>>[]): DialPermit {
  const asked: DialRule[] = [];
  for (const { rule, ask } of rules) {
    const verdict = ask(facts, now);
    if (!verdict) continue;
    asked.push({ rule, ...verdict });
    if (!verdict.passed) break;
  }
  return { granted: asked.every((rule) => rule.passed), decidedAt: now.toISOString(), rules: asked };
}

/** The problem that a permit which was not granted is to whoever asked. */
export function dialRefused<Facts>(permit: DialPermit, rules: readonly PermitRule<Facts>[]): DialRefused {
  const last = permit.rules.at(-1);
  const rule = rules.find((candidate) => candidate.rule === last?.rule);
  return {
    code: rule?.code ?? 'ILLEGAL_STATE',
    message: last?.evidence ?? 'The call is not permitted.',
    ...(rule?.path && { path: rule.path }),
    permit,
  };
}

const day = (at: Date): string => at.toISOString().slice(0, 10);

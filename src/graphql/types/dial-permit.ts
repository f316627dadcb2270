import { type DialRefused as DialRefusal, dialPermitSchema, type DialPermit as Permit, type DialRule as Rule } from '../../domain/calls/dialing/dial-permit.ts';
import { builder } from '../builder.ts';
import { UserError, userErrorKind } from '../errors.ts';
import { Call } from './calls.ts';

const DialRule = builder.objectRef<Rule>('DialRule').implement({
  description: 'One rule of a permit, and what it answered.',
  fields: (t) => ({
    rule: t.exposeString('rule', { description: 'Its name, e.g. `not-suppressed`.' }),
    passed: t.exposeBoolean('passed', { description: 'Whether it lets the call be dialed.' }),
    evidence: t.exposeString('evidence', { description: 'What decided it, as a sentence.' }),
  }),
});

const DialPermit = builder.objectRef<Permit>('DialPermit').implement({
  description: 'Every rule that was asked before a call was dialed, and what it answered, up to the first that refused. Immutable.',
  fields: (t) => ({
    granted: t.exposeBoolean('granted', { description: 'Whether the call was let be dialed.' }),
    decidedAt: t.field({ type: 'DateTime', description: 'When the rules were asked.', resolve: ({ decidedAt }) => new Date(decidedAt) }),
    rules: t.field({ type: [DialRule], description: 'The rules, in the order in which they were asked.', resolve: ({ rules }) => [...rules] }),
  }),
});

builder.objectRef<DialRefusal>('DialRefused').implement({
  interfaces: [UserError],
  description: 'A call was not permitted. The code says by which kind of rule: SUPPRESSED, QUIET_HOURS, INVALID, ILLEGAL_STATE.',
  fields: (t) => ({ permit: t.field({ type: DialPermit, description: 'The rules that were asked; the last one refused.', resolve: ({ permit }) => permit }) }),
});
userErrorKind('DialRefused', (problem) => 'permit' in problem);

builder.prismaObjectFields(Call, (t) => ({
  permit: t.field({
    type: DialPermit,
    nullable: true,
    description: 'The rules that were asked before it was dialed; null for a call that came in.',
    select: { permit: true },
    resolve: ({ permit }) => (permit === null ? null : dialPermitSchema.parse(permit)),
  }),
}));

import type { TenantDb } from '../../../db/tenant.ts';
import type { Prisma, Workspace } from '../../../generated/prisma/client.ts';
import type { Clock } from '../../../kit/clock.ts';
import { parsePhoneNumber } from '../../../kit/phone.ts';
import type { CarrierName } from '../../../ports/carrier.ts';
import { findCallerLine } from '../../phone-lines/find-line.ts';
import { type DialFacts, type DialPermit, dialPermit, PERMIT_RULES } from './dial-permit.ts';

export interface PermitScope {
  readonly db: TenantDb;
  readonly clock: Clock;
  readonly config: { readonly production: boolean; readonly twilio: { readonly phoneNumber: string | null } | null };
}

export interface AskedPermit {
  readonly permit: DialPermit;
  readonly facts: DialFacts;
  readonly workspace: Workspace;
}

/**
 * Asks for the permit to call somebody now.
 *
 * @param call.to as people write it; read with the workspace's country.
 * @param call.byItself whether it begins without a person: then it keeps quiet hours.
 */
export async function askPermit(scope: PermitScope, call: { to: string; carrier: CarrierName; byItself: boolean }): Promise<AskedPermit> {
  const { db, clock } = scope;
  const workspace = await db.workspace.findUniqueOrThrow({ where: { id: db.$workspaceId } });
  const e164 = parsePhoneNumber(call.to, workspace.country);
  const [suppression, contact, line] = await Promise.all([
    e164 === null ? null : db.suppression.findFirst({ where: { phoneNumber: e164 } }),
    e164 === null ? null : db.contact.findFirst({ where: { phoneNumber: e164 } }),
    findCallerLine(scope, { platform: workspace.platform, carrier: call.carrier }),
  ]);
  const quietHours = call.byItself ? { contactTimeZone: contact?.timeZone ?? null } : null;
  const facts: DialFacts = { workspace, number: { asked: call.to, e164 }, suppression, line, quietHours };
  return { permit: dialPermit(facts, clock.now(), PERMIT_RULES), facts, workspace };
}

/** A permit as a JSON column holds it. */
export const storedPermit = ({ granted, decidedAt, rules }: DialPermit): Prisma.InputJsonObject => ({
  granted,
  decidedAt,
  rules: rules.map(({ rule, passed, evidence }) => ({ rule, passed, evidence })),
});

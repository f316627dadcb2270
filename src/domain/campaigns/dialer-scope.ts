import type { RootDb } from '../../db/client.ts';
import { tenantDb } from '../../db/tenant.ts';
import type { DialScope } from '../calls/dialing/dial-call.ts';

/** What the dialer is given. */
export interface DialerScope extends Omit<DialScope, 'db'> {
  readonly root: RootDb;
  readonly config: DialScope['config'] & DialerLimits;
}

export interface DialerLimits {
  /** With one carrier's account, all workspaces together; 0: no limit. */
  readonly callsPerSecond: number;
  /** From one number; 0: no limit. */
  readonly callsPerNumberADay: number;
}

/** The dialer's parts in one workspace. */
export type CampaignScope = DialScope & { readonly config: DialerLimits };

export const inWorkspace = ({ root, ...scope }: DialerScope, workspaceId: string): CampaignScope => ({ ...scope, db: tenantDb(root, workspaceId) });

import { Fault } from '../kit/errors.ts';
import type { Scope } from './context.ts';

/** For what binds the whole workspace, e.g. its money. @throws Fault FORBIDDEN where the viewer only uses it */
export function asManager(scope: Scope): Scope {
  const role = scope.viewer.memberships.find(({ workspaceId }) => workspaceId === scope.workspaceId)?.role;
  if (role !== 'OWNER' && role !== 'MANAGER') throw new Fault('FORBIDDEN', 'Owners and managers of the workspace may do this.');
  return scope;
}

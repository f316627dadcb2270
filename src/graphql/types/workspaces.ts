import { z } from 'zod';
import { updateWorkspace } from '../../domain/workspaces/update-workspace.ts';
import type { Workspace as WorkspaceRow } from '../../generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { answer, payload } from '../errors.ts';
import { Platform } from './platform.ts';

const Role = builder.enumType('Role', {
  description: 'What a member may do.',
  values: {
    OWNER: { description: 'Everything, and the workspace is theirs.' },
    MANAGER: { description: 'Everything but giving the workspace away.' },
    MEMBER: { description: 'Using it.' },
  },
});

builder.prismaObject('Membership', {
  description: 'That a person belongs to a workspace.',
  fields: (t) => ({
    role: t.expose('role', { type: Role, description: 'What the person may do there.' }),
    user: t.relation('user', { description: 'The person.' }),
    workspace: t.relation('workspace', { description: 'The workspace.' }),
  }),
});

// A domain adds its own fields in its own file: `builder.prismaObjectFields(Workspace, (t) => …)`.
export const Workspace = builder.prismaNode('Workspace', {
  nullable: true,
  description: 'A tenant: a business, or one consumer. Everything below it is invisible to every other workspace.',
  id: { field: 'id', description: 'The global id of the workspace; send it as the header X-Workspace-Id to act in it.' },
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What it is called, e.g. `Bella Salon`.' }),
    platform: t.expose('platform', { type: Platform, description: 'Whom it is for. Never changes.' }),
    country: t.exposeString('country', { description: 'Where it is: ISO 3166-1 alpha-2, e.g. `US`.' }),
    timeZone: t.expose('timeZone', { type: 'TimeZone', description: 'The zone that its days, weeks and months are counted in.' }),
    members: t.relation('memberships', {
      description: 'The people who belong to it, the longest-standing first.',
      query: { orderBy: [{ createdAt: 'asc' }, { userId: 'asc' }] },
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
  }),
});

const UpdateWorkspaceInput = builder.inputRef<{ name?: string | null; country?: string | null; timeZone?: string | null }>('UpdateWorkspaceInput').implement({
  description: 'What to change of the active workspace. What is left out or null stays.',
  validate: z.looseObject({
    name: z.string().trim().min(1, 'A name cannot be empty.').max(200, 'A name has 200 characters at most.').nullish(),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, 'A country is two capital letters, e.g. "US" (ISO 3166-1 alpha-2).')
      .nullish(),
  }),
  fields: (t) => ({
    name: t.string({ description: 'The new name, 1 to 200 characters.' }),
    country: t.string({ description: 'ISO 3166-1 alpha-2, e.g. `US`.' }),
    timeZone: t.field({ type: 'TimeZone', description: 'The new zone. Days, weeks and months are counted in it from now on.' }),
  }),
});

const UpdateWorkspacePayload = payload<{ workspace: WorkspaceRow }>('UpdateWorkspacePayload', 'The changed workspace, or why it was not changed.', (t) => ({
  workspace: t.expose('workspace', { type: Workspace, nullable: true, description: 'The workspace as it is now.' }),
}));

builder.queryFields((t) => ({
  workspace: t.prismaField({
    type: Workspace,
    nullable: true,
    description: "The active workspace: header X-Workspace-Id, else the user's only or first one. NOT_FOUND where the viewer belongs to none such.",
    resolve: (query, _root, _args, { db, scope }) => db.workspace.findUnique({ ...query, where: { id: scope.workspaceId } }),
  }),
}));

builder.mutationFields((t) => ({
  updateWorkspace: t.field({
    type: UpdateWorkspacePayload,
    description: 'Changes the active workspace. Errors: INVALID.',
    args: { input: t.arg({ type: UpdateWorkspaceInput, required: true, description: 'What to change.' }) },
    resolve: async (_root, { input }, { scope }) => answer(await updateWorkspace(scope, input), (workspace) => ({ workspace })),
  }),
}));

/**
 * The one schema builder. A file in `types/` imports it and reads in this order: the type, then its queries,
 * mutations and subscriptions; `types/workspaces.ts` is the one to learn from.
 *
 * - Rows are prisma types: `builder.prismaNode('Assistant', { nullable: true, … })`: an id that the viewer has no row for is null. Their fields load through `ctx.db`, which sees the
 *   viewer's workspaces only. A relation is named, not imported: `t.relation('assistant')`.
 * - A list that can grow is a connection with a total: `t.relatedConnection('calls', { totalCount: true, … })`.
 * - A mutation takes one `input` and answers a `payload(…)` (errors.ts). Its verb gets `ctx.scope` and plain data.
 * - An id in arguments is `t.arg.globalID()` or `t.globalID()` in inputs; `idOf('Assistant', input.assistantId)` takes the row's id
 *   out of it, and the id of nothing where it names something else, so that the verb answers NOT_FOUND.
 * - Input that must obey a rule gets one zod object: `builder.inputType(…, { validate: z.object(…) })`. What it finds
 *   becomes INVALID in the payload's `errors`, with the path.
 * - Every root field needs a sign-in unless it says `skipTypeScopes: true`.
 * - Every type, field, argument and value has a description: complete sentences, units, errors, an example.
 */
import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import TracingPlugin, { isRootField, wrapResolver } from '@pothos/plugin-tracing';
import ValidationPlugin from '@pothos/plugin-validation';
import { z } from 'zod';
import type PrismaTypes from '../generated/pothos-types.ts';
import { getDatamodel } from '../generated/pothos-types.ts';
import { complexityError, complexityLimit, fieldComplexity } from './complexity.ts';
import type { Context } from './context.ts';
import { conventionsPlugin } from './conventions-plugin.ts';
import { InputProblems } from './input-problems.ts';
import { observeRootField } from './metrics.ts';
import { decodeNodeId, encodeNodeId } from './node-ids.ts';
import { type AuthScopes, authScopes, unauthorizedError } from './scopes.ts';

/** A file as it came with the request, of whichever class the server makes them. */
export interface UploadedFile {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** How values of our scalars look inside the program. */
export type Scalars = {
  ID: { Input: string; Output: string };
  DateTime: { Input: Date; Output: Date };
  /** `2026-03-02` */
  Date: { Input: string; Output: string };
  /** `09:30` */
  LocalTime: { Input: string; Output: string };
  /** IANA name. */
  TimeZone: { Input: string; Output: string };
  /** E.164; any usual way of writing it comes in, with its country code. */
  PhoneNumber: { Input: string; Output: string };
  /** Lower case. */
  EmailAddress: { Input: string; Output: string };
  URL: { Input: string; Output: string };
  /** Comes in alone. */
  File: { Input: UploadedFile; Output: never };
};

const pageSize = z.number().int().min(0, 'A page cannot have fewer than 0 entries.').max(100, 'A page has 100 entries at most.').nullish();
const pageSizeOptions = (end: string) => ({ validate: pageSize, description: `At most this many, from the ${end}: 0 to 100, 20 by default.` });
const cursorOptions = (side: string) => ({ description: `Only what comes ${side} this cursor, which an earlier page gave.` });

export const builder = new SchemaBuilder<{
  DefaultFieldNullability: false;
  DefaultNodeNullability: false;
  PrismaTypes: PrismaTypes;
  Context: Context;
  AuthScopes: AuthScopes;
  Scalars: Scalars;
}>({
  plugins: [TracingPlugin, conventionsPlugin, ScopeAuthPlugin, RelayPlugin, PrismaPlugin, ValidationPlugin, ComplexityPlugin],
  defaultFieldNullability: false,
  relay: {
    nodesOnConnection: false,
    encodeGlobalID: encodeNodeId,
    decodeGlobalID: decodeNodeId,
    nodeTypeOptions: { description: 'Anything that has a global id and can be fetched by it.' },
    nodeQueryOptions: {
      description: 'The object with this id, or null where the viewer has none: an object of another workspace is not there.',
      args: { id: { description: 'The global id, as any `id` field gives it.' } },
      resolve: (_root, { id }, _context, _info, resolveNode): unknown => (isObjectType(id.typename) ? resolveNode(id) : null),
    },
    nodesQueryOptions: {
      description: 'The objects with these ids, in the same order, with null for each that the viewer does not have. At most 100.',
      args: { ids: { description: 'Global ids, as any `id` field gives them.', validate: z.array(z.unknown()).max(100, 'Ask for 100 ids at most.') } },
      resolve: (_root, args, _context, _info, resolveNodes): Promise<unknown[]> => {
        // The plugin takes no other ids than the arguments', and skips those that are null.
        const ids: unknown[] = args.ids;
        args.ids.forEach(({ typename }, index) => {
          if (!isObjectType(typename)) ids[index] = null;
        });
        return resolveNodes(args.ids);
      },
    },
    idFieldOptions: { description: 'The global id: the same for as long as the object exists, and meaningless to clients.' },
    pageInfoTypeOptions: { description: 'Where a page stands in its list.' },
    hasNextPageFieldOptions: { description: 'Whether more comes after this page.' },
    hasPreviousPageFieldOptions: { description: 'Whether there is more before this page.' },
    startCursorFieldOptions: { description: 'The cursor of the first entry; null on an empty page.' },
    endCursorFieldOptions: { description: 'The cursor of the last entry, for the next `after`; null on an empty page.' },
    firstArgOptions: pageSizeOptions('start'),
    lastArgOptions: pageSizeOptions('end'),
    afterArgOptions: cursorOptions('after'),
    beforeArgOptions: cursorOptions('before'),
    defaultConnectionTypeOptions: { description: 'One page of a list.' },
    defaultEdgeTypeOptions: { description: 'One entry of a page.' },
    edgesFieldOptions: { description: 'The entries of the page, in order.' },
    nodeFieldOptions: { description: 'What stands at this place of the list.' },
    cursorFieldOptions: { description: 'The place in the list, for `after` and `before`.' },
    pageInfoFieldOptions: { description: 'Where the page stands in the list.' },
  },
  prisma: { client: (context) => context.db, dmmf: getDatamodel(), filterConnectionTotalCount: true, defaultConnectionSize: 20, maxConnectionSize: 100 },
  scopeAuth: { authScopes, unauthorizedError, authorizeOnSubscribe: true },
  validation: { validationError: (failure) => new InputProblems(failure.issues) },
  tracing: {
    default: (config) => isRootField(config),
    wrap: (resolver, _options, field) => (parent, args, context, info) =>
      wrapResolver(resolver, (error, milliseconds) => observeRootField(context.app.metrics, `${field.parentType}.${field.name}`, milliseconds, Boolean(error)))(
        parent,
        args,
        context,
        info,
      ),
  },
  complexity: { defaultComplexity: 1, fieldComplexity, limit: complexityLimit, complexityError },
});

function isObjectType(name: string): boolean {
  return name !== '' && builder.configStore.hasConfig(name) && builder.configStore.getTypeConfig(name).kind === 'Object';
}

builder.queryType({ authScopes: { signedIn: true }, description: 'Everything that can be read. Sign in with `Mutation.signIn` first.' });
builder.mutationType({
  authScopes: { signedIn: true },
  description: 'Everything that can be done. What a user can put right comes back as `errors` in the payload.',
});
builder.subscriptionType({
  authScopes: { signedIn: true },
  description:
    'Live views, over graphql-transport-ws or server-sent events. Every stream begins with the present state and then follows, so a client that was cut off subscribes again and has missed nothing.',
});

import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';
import type { Context } from './context.ts';
import { InputProblems } from './input-problems.ts';
import { unauthorizedError } from './scopes.ts';

declare global {
  export namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      conventions: ConventionsPlugin<Types>;
    }
  }
}

const payloads = new WeakSet<object>();

/** Makes fields of this type answer `{ errors }` where their input is not valid. */
export const markPayload = (ref: object) => payloads.add(ref);

/** What holds for every field of the API. */
class ConventionsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    // The prisma plugin makes this field and leaves no place to describe it.
    return field.name === 'totalCount' && !field.description ? { ...field, description: 'How many there are in all, over all pages.' } : field;
  }

  /**
   * Stands outside the readers of arguments, where validation happens before any other plugin is asked: so that who is
   * not signed in is told that first, and what is wrong with the input is data where the field has a place for it.
   */
  override wrapArgMappers(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    field: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    const root = field.kind === 'Query' || field.kind === 'Mutation' || field.kind === 'Subscription';
    if (!root || !resolver) return resolver;
    const isPublic = field.pothosOptions.skipTypeScopes === true;
    const isPayload = field.type.kind === 'Object' && payloads.has(Object(field.type.ref));
    return async (parent, args, context, info) => {
      const { viewer } = context as Context;
      if (!isPublic && !viewer) throw unauthorizedError(parent, context as Context);
      try {
        return await resolver(parent, args, context, info);
      } catch (error) {
        if (isPayload && error instanceof InputProblems) return { errors: error.problems };
        throw error;
      }
    };
  }
}

export const conventionsPlugin = 'conventions';
SchemaBuilder.registerPlugin(conventionsPlugin, ConventionsPlugin);

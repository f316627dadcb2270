import { Fault } from '../kit/errors.ts';
import type { Context } from './context.ts';

/**
 * Who may ask. Every root field asks for `signedIn`, because its root type does; one that is for everybody says
 * `skipTypeScopes: true`. What belongs to a workspace is guarded again, and mainly, by the client that reads it.
 */
export interface AuthScopes {
  signedIn: boolean;
}

export const authScopes = (context: Context): AuthScopes => ({ signedIn: context.viewer !== null });

export const unauthorizedError = (_parent: unknown, context: Context): Fault =>
  context.viewer ? new Fault('FORBIDDEN', 'This is not for you to see.') : new Fault('UNAUTHENTICATED', context.refusal ?? 'Sign in first.');

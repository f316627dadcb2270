import { createClient } from 'graphql-ws';
import { z } from 'zod';

const reply = z.object({ data: z.unknown().optional(), errors: z.array(z.object({ message: z.string() })).optional() });

/** A client of the public API, as anybody could write one: queries over HTTP, subscriptions over graphql-transport-ws. */
export interface ApiClient extends AsyncDisposable {
  /** @throws Error with the server's words where it refuses. */
  ask<T>(document: string, variables: Record<string, unknown>, shape: z.ZodType<T>): Promise<T>;
  /** Signs in; everything afterwards is asked as that person. */
  signIn(email: string, password: string): Promise<void>;
  follow<T>(document: string, variables: Record<string, unknown>, shape: z.ZodType<T>): AsyncGenerator<T>;
}

export function createApiClient(url: string): ApiClient {
  let token: string | null = null;
  const socket = createClient({
    url: url.replace(/^http/, 'ws'),
    lazy: true,
    connectionParams: () => (token ? { authorization: `Bearer ${token}` } : {}),
  });
  const client: ApiClient = {
    async ask(document, variables, shape) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        body: JSON.stringify({ query: document, variables }),
      });
      const { data, errors } = reply.parse(await response.json());
      if (errors) throw new Error(errors.map((error) => error.message).join(' '));
      return shape.parse(data);
    },
    async signIn(email, password) {
      const answer = await client.ask(
        'mutation SignIn($input: SignInInput!) { signIn(input: $input) { session { accessToken } errors { message } } }',
        { input: { email, password } },
        z.object({ signIn: z.object({ session: z.object({ accessToken: z.string() }).nullable(), errors: z.array(z.object({ message: z.string() })) }) }),
      );
      const { session, errors } = answer.signIn;
      if (!session) throw new Error(errors.map((error) => error.message).join(' '));
      token = session.accessToken;
    },
    async *follow(document, variables, shape) {
      for await (const { data, errors } of socket.iterate({ query: document, variables })) {
        if (errors) throw new Error(errors.map((error) => error.message).join(' '));
        yield shape.parse(data);
      }
    },
    async [Symbol.asyncDispose]() {
      await socket.dispose();
    },
  };
  return client;
}

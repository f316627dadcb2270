import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import type { RootDb } from '../../src/db/client.ts';
import { encodeNodeId } from '../../src/graphql/node-ids.ts';

const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { session { accessToken } errors { message } } }';
const TRANSCRIPT = 'subscription ($id: ID!, $after: Int!) { transcript(callId: $id, after: $after) { partial turn { sequence text } } }';

export interface FollowedTurn {
  readonly sequence: number;
  readonly text: string;
}

/** A person who may see a workspace, from outside: only HTTP and sockets. */
export async function ask(graphqlUrl: string, root: RootDb, workspaceId: string) {
  const email = `${workspaceId}@example.com`;
  const body = JSON.stringify({ query: REGISTER, variables: { input: { email, password: 'correct horse battery' } } });
  const response = await fetch(graphqlUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const { data } = (await response.json()) as { data: { register: { session: { accessToken: string } } } };
  const user = await root.user.findUniqueOrThrow({ where: { email } });
  await root.membership.create({ data: { userId: user.id, workspaceId, role: 'OWNER', createdAt: new Date() } });
  return {
    token: data.register.session.accessToken,
    /**
     * Follows a transcript over a new socket until `cut` says so of a complete turn, and then breaks the socket.
     *
     * @returns whether the stream had come to its own end.
     */
    async follow(token: string, callId: string, after: number, cut: (turn: FollowedTurn) => boolean): Promise<boolean> {
      const sockets: WebSocket[] = [];
      class Cuttable extends WebSocket {
        constructor(...args: ConstructorParameters<typeof WebSocket>) {
          super(...args);
          sockets.push(this);
        }
      }
      const connectionParams = { authorization: `Bearer ${token}`, 'x-workspace-id': encodeNodeId('Workspace', workspaceId) };
      const client = createClient({ url: graphqlUrl.replace('http', 'ws'), webSocketImpl: Cuttable, connectionParams, retryAttempts: 0 });
      const variables = { id: encodeNodeId('Call', callId), after };
      for await (const { data, errors } of client.iterate<{ transcript: { partial: boolean; turn: FollowedTurn } }>({ query: TRANSCRIPT, variables })) {
        if (errors) throw new Error(errors.map(({ message }) => message).join());
        if (!data || data.transcript.partial || !cut(data.transcript.turn)) continue;
        for (const socket of sockets) socket.terminate();
        return false;
      }
      await client.dispose();
      return true;
    },
  };
}

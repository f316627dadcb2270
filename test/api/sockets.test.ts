import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { graphql } from '../gql/gql.ts';
import { nodeId, type Person, type TestApi, take, testApi } from '../support/api.ts';
import { fillWorkspace } from '../support/world.ts';

const StillThere = graphql(`query StillThere { viewer { email } }`);

let api: TestApi;
let ada: Person;

beforeAll(async () => {
  api = await testApi();
  ada = await api.person();
});
afterAll(() => api[Symbol.asyncDispose]());

describe('a socket', () => {
  const closing = (socket: WebSocket) => new Promise<[number, string]>((resolve) => socket.once('close', (code, reason) => resolve([code, String(reason)])));
  const open = async (init?: object, protocol = 'graphql-transport-ws') => {
    const socket = new WebSocket(api.url.replace('http', 'ws'), protocol);
    await new Promise((resolve) => socket.once('open', resolve));
    if (init) socket.send(JSON.stringify({ type: 'connection_init', payload: init }));
    return socket;
  };

  it('is closed with 4403 where its token is not good', async () => {
    expect(await closing(await open({ authorization: 'Bearer not.a.token' }))).toEqual([4403, 'The access token is not valid. Sign in for a new one.']);
  });

  it('is closed with 4400 for what is no message, and 4401 for asking first', async () => {
    const garbage = await open();
    garbage.send('{');
    expect((await closing(garbage))[0]).toBe(4400);
    const early = await open();
    early.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: '{ __typename }' } }));
    expect((await closing(early))[0]).toBe(4401);
  });

  it('acts in the workspace that its connectionParams name', async () => {
    const { workspaceId } = await api.person('Ben');
    await api.database.root.membership.create({ data: { workspaceId, userId: ada.userId, role: 'MEMBER', createdAt: new Date() } });
    const world = await fillWorkspace(api.database.root, workspaceId, 'Ben');
    const follow = { toString: () => `subscription { call(id: "${nodeId('Call', world.Call)}") { status } }` };
    await using elsewhere = api.subscribe(follow, {}, { ...ada, over: 'ws' });
    expect((await take(elsewhere, 1))[0]?.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    await using there = api.subscribe(follow, {}, { ...ada, headers: { 'x-workspace-id': nodeId('Workspace', workspaceId) }, over: 'ws' });
    expect((await take(there, 1))[0]?.errors).toBeUndefined();
  });

  it('carries a hundred operations and refuses one more', async () => {
    const socket = await open({ authorization: `Bearer ${ada.token}` });
    const refusals: string[] = [];
    const refused = new Promise<void>((resolve) =>
      socket.on('message', (text) => {
        const message = JSON.parse(String(text));
        if (message.type === 'connection_ack') {
          for (let id = 1; id <= 101; id++)
            socket.send(JSON.stringify({ id: String(id), type: 'subscribe', payload: { query: 'subscription { calls { id } }' } }));
        }
        if (message.type === 'error') {
          refusals.push(message.id);
          resolve();
        }
      }),
    );
    await refused;
    expect(refusals).toEqual(['101']);
    socket.terminate();
  });

  it('is closed with 1012 when the server stops, and event streams are broken off', async () => {
    const stopping = await testApi();
    const person = await stopping.person();
    const { Call } = await fillWorkspace(stopping.database.root, person.workspaceId, 'Ada');
    const follow = { toString: () => `subscription { call(id: "${nodeId('Call', Call)}") { status } }` };
    const socket = stopping.subscribe(follow, {}, { ...person, over: 'ws' });
    const events = stopping.subscribe(follow, {}, { ...person, over: 'sse' });
    await Promise.all([take(socket, 1), take(events, 1)]);
    const [closed, broken] = [
      take(socket, 1),
      events.next().then(
        () => 'ended',
        () => 'broken',
      ),
    ];
    await stopping[Symbol.asyncDispose]();
    expect((await closed)[0]?.errors?.[0]?.extensions.code).toBe('CLOSED 1012');
    expect(await broken).toBe('broken');
  });

  it('survives a client that vanishes in the middle of the handshake', async () => {
    const { port } = new URL(api.url);
    const raw = net.connect(Number(port), '127.0.0.1');
    raw.write(
      'GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
    );
    raw.destroy();
    expect((await api.gql(StillThere, {}, ada)).data?.viewer?.email).toBe(ada.email);
  });
});

import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordingLink } from '../../src/domain/calls/recording/recording-link.ts';
import { newId } from '../../src/kit/ids.ts';
import { MINUTE } from '../../src/kit/time.ts';
import { graphql } from '../gql/gql.ts';
import { nodeId, type Person, type TestApi, testApi } from '../support/api.ts';
import { fillWorkspace } from '../support/world.ts';

const Recording = graphql(`query CallRecording($id: ID!) { node(id: $id) { ... on Call { recording { url durationSeconds consented } } } }`);
const Delete = graphql(`mutation DeleteRecording($input: DeleteRecordingInput!) {
  deleteRecording(input: $input) { call { id recording { url } } errors { code message path } }
}`);

const SOUND = Buffer.from('RIFF, and the voices of two people');

let api: TestApi;
let folder: string;
let owner: Person;
let stranger: Person;
let callId: string;

beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'callgraph-downloads-'));
  api = await testApi({ env: { DATA_DIR: folder } });
  owner = await api.person('Mara');
  stranger = await api.person('Eve');
  callId = (await fillWorkspace(api.database.root, owner.workspaceId, 'mara')).Call;
  const blobKey = `${owner.workspaceId}/one.wav`;
  await api.app.blobs.put(blobKey, Readable.from([SOUND]), 'audio/x-wav');
  await api.database.root.recording.updateMany({
    where: { callId },
    data: { blobKey, bytes: SOUND.length, mediaType: 'audio/x-wav', durationSeconds: 42 },
  });
});
afterAll(async () => {
  await api?.[Symbol.asyncDispose]();
  await fs.rm(folder, { recursive: true, force: true });
});

const recordingOf = async (id: string, who: Person) => {
  const { data, errors } = await api.gql(Recording, { id: nodeId('Call', id) }, who);
  if (errors) throw new Error(JSON.stringify(errors));
  return data?.node && 'recording' in data.node ? data.node : null;
};
const local = (link: string) => new URL(new URL(link).pathname, api.url).href;
const link = async () => local((await recordingOf(callId, owner))?.recording?.url ?? '');
const row = () => api.database.root.recording.findFirstOrThrow({ where: { callId } });

describe('the recording of a call', () => {
  test('is told with its length and consent, and heard by its link without a sign-in', async () => {
    expect((await recordingOf(callId, owner))?.recording).toMatchObject({ durationSeconds: 42, consented: true });
    const response = await fetch(await link());
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'audio/x-wav',
      'content-length': String(SOUND.length),
      'content-disposition': `attachment; filename="call-${callId}.wav"`,
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-store',
    });
    expect(Buffer.from(await response.arrayBuffer()).equals(SOUND)).toBe(true);
  });

  test('is heard in parts', async () => {
    const part = await fetch(await link(), { headers: { range: 'bytes=6-9' } });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, `bytes 6-9/${SOUND.length}`, SOUND.toString().slice(6, 10)]);
    const beyond = await fetch(await link(), { headers: { range: 'bytes=5000-' } });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${SOUND.length}`]);
    const head = await fetch(await link(), { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, String(SOUND.length), '']);
  });

  test('is not heard by a link that has expired', async () => {
    const { id } = await row();
    const then = { ...api.app.clock, now: () => new Date(Date.now() - 16 * MINUTE) };
    const response = await fetch(local(await recordingLink({ config: api.app.config, clock: then }, { recordingId: id, workspaceId: owner.workspaceId })));
    expect([response.status, await response.json()]).toEqual([403, { error: 'This link has expired. Ask for a new one.' }]);
  });

  test('is not heard by a link for another workspace, another recording, or one that was not made here', async () => {
    const { id } = await row();
    const token = (await link()).split('/').at(-1) ?? '';
    const [head, body, signature] = token.split('.');
    const forged = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(body ?? '', 'base64url').toString()), workspace: stranger.workspaceId })).toString(
      'base64url',
    );
    const wrong = [
      local(await recordingLink(api.app, { recordingId: id, workspaceId: stranger.workspaceId })),
      local(await recordingLink(api.app, { recordingId: newId(), workspaceId: owner.workspaceId })),
      ...[`${head}.${forged}.${signature}`, `${head}.${body}.`, 'nonsense', owner.token, 'x'.repeat(3_000)].map(
        (text) => new URL(`/recordings/${text}`, api.url).href,
      ),
    ];
    for (const url of wrong) {
      const response = await fetch(url);
      expect([url.length, response.status, await response.json()]).toEqual([url.length, 404, { error: 'There is no such recording.' }]);
    }
  });

  test('is fetched and nothing else', async () => {
    const response = await fetch(await link(), { method: 'POST' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  test('is not told to another workspace', async () => {
    expect(await recordingOf(callId, stranger)).toBeNull();
  });

  test('is neither told nor heard while it is made, or after it was deleted', async () => {
    const before = await link();
    for (const status of ['RECORDING', 'FAILED', 'DELETED'] as const) {
      await api.database.root.recording.updateMany({ where: { callId }, data: { status } });
      expect((await recordingOf(callId, owner))?.recording).toBeNull();
      expect((await fetch(before)).status).toBe(404);
    }
    await api.database.root.recording.updateMany({ where: { callId }, data: { status: 'STORED' } });
  });

  test('whose sound is gone is told to be gone', async () => {
    const url = await link();
    await api.app.blobs.delete(`${owner.workspaceId}/one.wav`);
    expect((await fetch(url)).status).toBe(404);
  });

  test('is deleted by its workspace, twice if need be, and by no other', async () => {
    const blobKey = `${owner.workspaceId}/two.wav`;
    await api.app.blobs.put(blobKey, Readable.from([SOUND]), 'audio/x-wav');
    await api.database.root.recording.updateMany({ where: { callId }, data: { blobKey } });
    const heard = await link();
    const id = nodeId('Call', callId);
    const remove = async (who: Person, of = id) => (await api.gql(Delete, { input: { callId: of } }, who)).data?.deleteRecording;

    expect(await remove(stranger)).toMatchObject({ call: null, errors: [{ code: 'NOT_FOUND', path: ['input', 'callId'] }] });
    await api.database.root.call.update({ where: { id: callId }, data: { status: 'IN_PROGRESS' } });
    expect(await remove(owner)).toMatchObject({ call: null, errors: [{ code: 'ILLEGAL_STATE' }] });
    expect((await fetch(heard)).status).toBe(200);

    await api.database.root.call.update({ where: { id: callId }, data: { status: 'ENDED' } });
    for (const _time of ['once', 'twice']) expect(await remove(owner)).toEqual({ call: { id, recording: null }, errors: [] });
    expect([(await fetch(heard)).status, await api.app.blobs.open(blobKey)]).toEqual([404, null]);
    expect(await row()).toMatchObject({ status: 'DELETED', blobKey: null });
    expect(await remove(owner, nodeId('Call', newId()))).toMatchObject({ errors: [{ code: 'NOT_FOUND' }] });
  });
});

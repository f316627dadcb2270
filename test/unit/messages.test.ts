import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tenantDb } from '../../src/db/tenant.ts';
import { markMessageRead, takeMessage } from '../../src/domain/calls/messages/messages.ts';
import { newId } from '../../src/kit/ids.ts';
import { type CallApp, callApp, LINE, seedWorkspace } from '../support/call-app.ts';

let app: CallApp;
let callId: string;
beforeEach(async () => {
  app = await callApp();
  callId = newId();
  const times = { createdAt: app.clock.now() };
  await app.root.call.create({
    data: {
      ...times,
      id: callId,
      workspaceId: app.workspace.id,
      direction: 'INBOUND',
      status: 'IN_PROGRESS',
      carrier: 'TWILIO',
      from: '+12025550142',
      to: LINE,
      plan: {},
    },
  });
});
afterEach(() => app[Symbol.asyncDispose]());

const take = (more: Partial<Parameters<typeof takeMessage>[1]> = {}) => takeMessage(app, { callId, body: ' Please call back about the invoice. ', ...more });

describe('taking a message', () => {
  test('keeps the words, who said them and where to call back, and tells of it', async () => {
    const taken = await take({ callerName: ' Ana ', callbackNumber: '(202) 555-0177', urgent: true });
    expect(taken).toMatchObject({
      ok: true,
      value: { body: 'Please call back about the invoice.', callerName: 'Ana', callbackNumber: '+12025550177', urgent: true, readAt: null },
    });
    expect(app.told).toEqual([{ type: 'MessageTaken', workspaceId: app.workspace.id, callId, messageId: taken.ok && taken.value.id }]);
  });

  test('without a number the caller is called back where the call came from', async () => {
    expect(await take()).toMatchObject({ ok: true, value: { callbackNumber: '+12025550142' } });
  });

  test('from somebody who withholds the number there is none', async () => {
    await app.root.call.update({ where: { id: callId }, data: { from: 'anonymous' } });
    expect(await take()).toMatchObject({ ok: true, value: { callbackNumber: null } });
  });

  test('one tool call takes one message, however often and at once it runs', async () => {
    const taken = await Promise.all(Array.from({ length: 8 }, () => take({ toolCallKey: 'tool-1' })));
    expect(new Set(taken.map((result) => result.ok && result.value.id)).size).toBe(1);
    expect(app.told).toHaveLength(1);
    await take({ toolCallKey: 'tool-2' });
    expect(await app.root.message.count()).toBe(2);
  });

  test.each([
    ['no words', { body: '  ' }, 'INVALID'],
    ['half a number', { callbackNumber: '555' }, 'INVALID'],
    ['a call that is not there', { callId: 'nothing' }, 'NOT_FOUND'],
  ])('%s is refused', async (_name, input, code) => {
    expect(await take(input)).toMatchObject({ ok: false, problems: [{ code }] });
    expect(await app.root.message.count()).toBe(0);
  });
});

describe('reading a message', () => {
  test('marks it once, and only in its own workspace', async () => {
    const taken = await take();
    const messageId = taken.ok ? taken.value.id : '';
    const { workspace } = await seedWorkspace(app.root, '+12025550199');
    const foreign = { ...app, db: tenantDb(app.root, workspace.id) };
    expect(await markMessageRead(foreign, { messageId })).toMatchObject({ ok: false, problems: [{ code: 'NOT_FOUND' }] });
    expect(await takeMessage(foreign, { callId, body: 'x' })).toMatchObject({ ok: false, problems: [{ code: 'NOT_FOUND' }] });
    const first = app.clock.now();
    expect(await markMessageRead(app, { messageId })).toMatchObject({ ok: true, value: { readAt: first } });
    app.clock.advance(60_000);
    expect(await markMessageRead(app, { messageId })).toMatchObject({ ok: true, value: { readAt: first } });
  });
});

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { createClock } from '../../src/kit/clock.ts';
import { createLogger } from '../../src/kit/logger.ts';
import { type Simulator, startSimulator } from '../../src/simulator/lab.ts';
import { type SimpleBridge, startSimpleBridge } from '../support/simple-bridge.ts';

const LINE = '+12025550150';
let lab: Simulator;
let bridge: SimpleBridge;

beforeEach(async () => {
  lab = await startSimulator({ clock: createClock(10), logger: createLogger('silent') });
  bridge = await startSimpleBridge(lab);
});
afterEach(async () => {
  await lab[Symbol.asyncDispose]();
  await bridge[Symbol.asyncDispose]();
});

const callOf = (sid: string) => lab.log.call(sid);
const codes = () => lab.log.carrier.notifications.map(({ code }) => code);
const dial = (caller: string) => lab.dial({ to: LINE, caller, voiceUrl: bridge.voiceUrl, statusUrl: bridge.statusUrl });

describe('media streams', () => {
  test('messages have the vendor’s members in its order, numbers as text', async () => {
    await dial('hangs-up-at-the-greeting').ended;
    const [connected, start, media] = bridge.carrierFrames;
    const { streamSid, log } = { streamSid: lab.log.carrier.calls[0]?.streams[0]?.streamSid, log: lab.log.carrier.calls[0] };
    expect(connected).toBe('{"event":"connected","protocol":"Call","version":"1.0.0"}');
    expect(start).toBe(
      `{"event":"start","sequenceNumber":"1","start":{"accountSid":"${lab.accountSid}","streamSid":"${streamSid}","callSid":"${log?.sid}","tracks":["inbound"],` +
        `"mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1},"customParameters":{"token":"t&1"}},"streamSid":"${streamSid}"}`,
    );
    const silence = Buffer.alloc(160, 0xff).toString('base64');
    expect(media).toBe(
      `{"event":"media","sequenceNumber":"2","media":{"track":"inbound","chunk":"1","timestamp":"0","payload":"${silence}"},"streamSid":"${streamSid}"}`,
    );
    const numbers = bridge.carrierFrames.slice(1).map((frame) => Number(/"sequenceNumber":"(\d+)"/.exec(frame)?.[1]));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });

  test('a socket that breaks or is closed leads to the next instruction', async () => {
    lab.faults.carrier.breakStreamsAfterMs.push(800);
    bridge.twiml['/next'] = `<Response><Connect><Stream url="${bridge.mediaUrl}"/></Connect><Say>So long.</Say></Response>`;
    const call = dial('says-nothing');
    await expect.poll(() => lab.log.carrier.calls[0]?.streams.length, { timeout: 10_000 }).toBe(2);
    await expect.poll(() => lab.log.carrier.calls[0]?.streams[1]?.framesSent ?? 0, { timeout: 10_000 }).toBeGreaterThan(3);
    bridge.closeCarrier();
    const { streams, heard } = await call.ended;
    expect(streams.map(({ closedBy }) => closedBy)).toEqual(['failure', 'server']);
    expect(heard).toContain('So long.');
  });

  test.each([
    ['/refused', 31920],
    ['', 31902],
  ])('a socket that cannot be opened (%j) is error %i, and the call goes on', async (path, code) => {
    const url = path === '' ? 'ws://127.0.0.1:1/media' : `${new URL(path, bridge.mediaUrl)}`;
    bridge.twiml['/voice'] = `<Response><Connect><Stream url="${url}"/></Connect><Say>Try later.</Say></Response>`;
    const call = await dial('says-nothing').ended;
    expect([codes(), call.heard]).toEqual([[code], 'Try later.']);
  });

  test('plain sockets are for this machine alone', async () => {
    bridge.twiml['/voice'] = '<Response><Connect><Stream url="ws://media.example.com/x"/></Connect><Say>No.</Say></Response>';
    expect((await dial('says-nothing').ended).heard).toBe('No.');
    expect(codes()).toEqual([31941]);
  });

  test.each([
    ['garbage', 'not json'],
    ['another stream', JSON.stringify({ event: 'clear', streamSid: 'MZother' })],
    ['an unknown event', JSON.stringify({ event: 'dance', streamSid: 'MZ' })],
    ['audio that is no base64', JSON.stringify({ event: 'media', streamSid: 'MZ', media: { payload: '***' } })],
    ['binary', Buffer.from([1, 2, 3])],
  ])('%s is error 31951 and ignored', async (_what, message) => {
    const call = dial('says-nothing');
    await expect.poll(() => bridge.carrierFrames.length, { timeout: 10_000 }).toBeGreaterThan(3);
    bridge.toCarrier(message);
    await expect.poll(codes).toContain(31951);
    bridge.closeCarrier();
    await call.ended;
  });
});

describe('the control address', () => {
  test('another process can have somebody call', async () => {
    const post = (body: unknown) => fetch(`${lab.restUrl}/lab/ring`, { method: 'POST', body: JSON.stringify(body) });
    const answer = await post({ to: LINE, caller: 'hangs-up-at-the-greeting', voiceUrl: bridge.voiceUrl });
    expect(answer.status).toBe(201);
    const { carrierCallId } = await answer.json();
    await expect.poll(() => callOf(carrierCallId)?.status, { timeout: 10_000 }).toBe('completed');
    expect((await post({ to: LINE, caller: 'nobody', voiceUrl: bridge.voiceUrl })).status).toBe(400);
    expect((await post({ to: LINE })).status).toBe(400);
    const { callers } = await (await fetch(`${lab.restUrl}/lab/callers`)).json();
    expect(callers.map(({ key }: { key: string }) => key)).toContain('books-a-haircut');
    expect((await fetch(`${lab.restUrl}/elsewhere`)).status).toBe(404);
  });

  test('a socket anywhere else is refused', async () => {
    const socket = new WebSocket(`${lab.restUrl.replace('http', 'ws')}/other`);
    await expect(new Promise((_resolve, reject) => socket.on('error', reject))).rejects.toThrow('404');
  });
});

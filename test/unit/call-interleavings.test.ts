import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerCall } from '../../src/domain/calls/answer-call.ts';
import { claimCall } from '../../src/domain/calls/claim-call.ts';
import { placeCall } from '../../src/domain/calls/dialing/place-call.ts';
import { endCall } from '../../src/domain/calls/end-call.ts';
import { recordStatus } from '../../src/domain/calls/record-status.ts';
import { releaseCall } from '../../src/domain/calls/release-call.ts';
import { isOver } from '../../src/domain/calls/state.ts';
import { reapCalls } from '../../src/domain/calls/watch/reap-calls.ts';
import { reconcileCall } from '../../src/domain/calls/watch/reconcile-call.ts';
import { MINUTE } from '../../src/kit/time.ts';
import type { CarrierCallState } from '../../src/ports/carrier-webhook.ts';
import { type CallApp, callApp, LINE } from '../support/call-app.ts';
import { thorough } from '../support/thorough.ts';
import type { TwinCall } from '../support/twilio-calls-resource.ts';
import type { Behaviour } from '../support/twilio-rest-twin.ts';

let app: CallApp;
beforeAll(async () => {
  app = await callApp({ timeoutMs: 10_000 });
});
afterAll(() => app[Symbol.asyncDispose]());

const RUNS = thorough(100, 300);

/** What may happen to a call, as the words of a story. `twice` and disorder come from the order in which they are drawn. */
const STEPS = ['initiated', 'ringing', 'answered', 'answer-asked', 'claim', 'late-claim', 'release', 'hand-over', 'end', 'final', 'reconcile', 'wait'] as const;
const ENDINGS = ['completed', 'busy', 'no-answer', 'failed', 'canceled'] as const;
const DIALS: readonly (Behaviour | null)[] = [
  null,
  null,
  null,
  { type: 'garbage', status: 502, done: true },
  { type: 'break', done: false },
  { type: 'break', done: true },
];

test(`${RUNS} random interleavings of real callback sequences end each call once, and dial it once`, { timeout: 240_000 }, async () => {
  let number = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...DIALS),
      fc.array(fc.constantFrom(...STEPS), { minLength: 2, maxLength: 12 }),
      fc.constantFrom(...ENDINGS),
      fc.boolean(),
      async (dial, steps, ending, finalTold) => {
        const to = `+1202556${String(++number).padStart(4, '0')}`;
        if (dial) app.twin.script('POST', dial);
        const placed = await placeCall(app, { to, assistantId: app.assistant.id, idempotencyKey: to });
        if (!placed.ok) throw new Error('refused');
        const { id: callId, workspaceId } = placed.value;
        const twin: TwinCall | undefined = app.twin.calls.find((call) => call.to === to);
        let bridges = 0;
        let token = '';
        const tell = async (state: CarrierCallState) => {
          if (!twin) return;
          if (state !== 'dialing' && state !== 'queued' && (twin.status === 'queued' || twin.status === 'ringing' || twin.status === 'in-progress'))
            twin.status = state;
          await recordStatus(app, { status: { carrierCallId: twin.sid, state, eventKey: `status:${state}`, at: null }, callId });
        };
        const claim = async () => {
          const claimed = await claimCall(app, { token, carrierCallId: twin?.sid ?? '', bridgeId: `${callId}:${bridges + 1}` });
          if (claimed.ok) bridges++;
        };
        const release = (type: 'carrier-stopped' | 'handed-over') =>
          releaseCall(app, { callId, workspaceId, bridgeId: `${callId}:${bridges}`, ending: type === 'handed-over' ? { type, reason: 'test' } : { type } });
        const act = {
          initiated: () => tell('dialing'),
          ringing: () => tell('ringing'),
          answered: () => tell('in-progress'),
          'answer-asked': async () => {
            if (!twin) return;
            const reply = await answerCall(app, { voice: { carrierCallId: twin.sid, direction: 'OUTBOUND', from: LINE, to, state: 'in-progress' }, callId });
            token = /value="([^"]+)"/.exec(reply.body)?.[1] ?? token;
          },
          claim,
          'late-claim': claim,
          release: () => release('carrier-stopped'),
          'hand-over': () => release('handed-over'),
          end: () => endCall(app, { callId }),
          final: () => tell(ending),
          reconcile: () => reconcileCall(app, { workspaceId, callId }),
          wait: async () => app.clock.advance(5_000),
        };
        // Neighbours of one kind happen at once; the others one after the other.
        for (let index = 0; index < steps.length; index += 2) await Promise.all(steps.slice(index, index + 2).map((step) => act[step]()));

        // The world comes to an end: the carrier ends the call and may forget to say so, bridges die, the reaper comes by.
        if (finalTold) await tell(ending);
        else if (twin && !['completed', 'busy', 'no-answer', 'failed', 'canceled'].includes(twin.status)) twin.status = ending;
        for (let minute = 0; minute < 4; minute++) {
          app.clock.advance(MINUTE);
          await reapCalls(app);
        }

        const call = await app.call(callId);
        expect(isOver(call.status)).toBe(true);
        expect(call).toMatchObject({ bridgeId: null, outcome: expect.any(String), endedAt: expect.any(Date), endReason: expect.any(String) });
        expect(call.bridgeCount).toBe(bridges);
        if (bridges > 0) expect(call.answeredAt).not.toBeNull();
        const told = app.told.filter((event) => 'callId' in event && event.callId === callId);
        expect(told.filter(({ type }) => type === 'CallEnded')).toHaveLength(1);
        expect(told.filter(({ type }) => type === 'CallReleased')).toHaveLength(1);
        const versions = told.flatMap((event) => (event.type === 'CallChanged' ? [event.version] : []));
        expect(versions.toSorted((a, b) => a - b)).toEqual(Array.from({ length: call.version }, (_, index) => index + 1));
        expect(app.twin.calls.filter((other) => other.to === to).length).toBeLessThanOrEqual(1);
        app.told.length = 0;
      },
    ),
    { numRuns: RUNS },
  );
  expect(app.twin.violations).toEqual([]);
});

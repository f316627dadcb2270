import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { noteCall } from '../../src/domain/calls/note-call.ts';
import { fetchRecording } from '../../src/domain/calls/recording/fetch-recording.ts';
import type { CallNote } from '../../src/domain/calls/records.ts';
import { storedPlan } from '../../src/domain/calls/stored-plan.ts';
import { reactionsTo } from '../../src/jobs/reactions.ts';
import { newId } from '../../src/kit/ids.ts';
import type { Blobs } from '../../src/ports/blobs.ts';
import { diskBlobs } from '../../src/vendors/embedded/blobs.ts';
import { type CallApp, callApp } from './call-app.ts';
import { claimedCall } from './talk.ts';
import { callSid } from './twilio-webhook.ts';

/** A call app that keeps recordings in a folder of its own. */
export interface RecordingApp extends CallApp {
  readonly blobs: Blobs;
  readonly folder: string;
  /** A call that somebody talks in. */
  liveCall(): Promise<{ workspaceId: string; callId: string; carrierCallId: string }>;
  endCall(callId: string, agoMs?: number): Promise<void>;
}

export async function recordingApp(): Promise<RecordingApp> {
  const app = await callApp();
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'callgraph-recordings-'));
  const { root, clock, workspace, assistant } = app;
  return {
    ...app,
    blobs: diskBlobs({ folder }),
    folder,
    async liveCall() {
      const [callId, now] = [newId(), clock.now()];
      const carrierCallId = callSid(callId);
      const row = { workspaceId: workspace.id, assistantId: assistant.id, direction: 'INBOUND', status: 'IN_PROGRESS', carrier: 'TWILIO' } as const;
      await root.call.create({
        data: {
          ...row,
          id: callId,
          carrierCallId,
          from: '+12025550142',
          to: '+12025550100',
          plan: storedPlan(claimedCall.plan),
          createdAt: now,
          answeredAt: now,
        },
      });
      return { workspaceId: workspace.id, callId, carrierCallId };
    },
    async endCall(callId, agoMs = 0) {
      await root.call.update({ where: { id: callId }, data: { status: 'ENDED', endedAt: new Date(clock.now().getTime() - agoMs) } });
    },
    async [Symbol.asyncDispose]() {
      await app[Symbol.asyncDispose]();
      await fs.rm(folder, { recursive: true, force: true });
    },
  };
}

export const AGREED = { type: 'recording', decision: 'agreed', evidence: 'Yes, sure.' } as const satisfies CallNote;
export const SOUND = Buffer.from('RIFF of both sides');

/** What tests do with the recording of a call. */
export function recordingSteps(app: RecordingApp, { workspaceId, callId, carrierCallId }: { workspaceId: string; callId: string; carrierCallId: string }) {
  const made = () => app.twin.recordings.recordings;
  const recording = () => app.root.recording.findFirstOrThrow({ where: { callId } });
  const note = (given: CallNote) => noteCall(app, { workspaceId, callId, note: given });
  const report = (more: Record<string, string> = {}) =>
    app.post(`/webhooks/twilio/recording?call=${callId}`, {
      AccountSid: `AC${'0'.repeat(32)}`,
      CallSid: carrierCallId,
      RecordingSid: made()[0]?.sid ?? `RE${'1'.repeat(32)}`,
      RecordingStatus: 'completed',
      RecordingDuration: '42',
      RecordingChannels: '2',
      RecordingSource: 'StartCallRecordingAPI',
      ...more,
    });
  return {
    /** At the carrier. */
    made,
    recording,
    note,
    report,
    jobs: () => app.enqueued.flatMap(reactionsTo).filter(({ job }) => job === 'fetch-recording'),
    fetched: async () => fetchRecording(app, { workspaceId, recordingId: (await recording()).id }),
    /** The carrier has finished, and told of it. */
    async ready() {
      await note(AGREED);
      await app.endCall(callId);
      for (const one of made()) Object.assign(one, { status: 'completed', sound: SOUND });
      await report();
    },
  };
}

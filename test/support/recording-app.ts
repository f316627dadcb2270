import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { storedPlan } from '../../src/domain/calls/stored-plan.ts';
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

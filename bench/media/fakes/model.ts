/** The model's end, in a process of its own: a realtime server whose sessions answer stamped callers. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { serve } from '../channel.ts';
import { nowUs } from '../stamp.ts';
import { type ModelOptions, ModelRecord, type ModelReport } from './model-record.ts';
import { ModelSession, type ModelStage } from './model-session.ts';

let stage: ModelStage | null = null;
let hushed = false;
const sessions = new Set<ModelSession>();
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, skipUTF8Validation: true });

// No REST call is part of a conversation: whatever asks is told that there is nothing.
const server = http.createServer((_request, response) => response.writeHead(404, { 'content-type': 'application/json' }).end('{}'));
server.on('upgrade', (request, socket, head) => {
  socket.on('error', () => socket.destroy());
  setTimeout(() => sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened)), stage?.options.openMs ?? 0);
});
sockets.on('connection', (socket) => {
  if (!stage) return socket.close();
  const session = new ModelSession(socket, stage);
  sessions.add(session);
  socket.on('message', (data: Buffer) => session.receive(data));
  socket.on('error', () => session.stage.record.violation('socket error'));
  socket.on('close', () => {
    session.close();
    sessions.delete(session);
  });
});

setInterval(() => {
  if (hushed) return;
  const now = nowUs();
  for (const session of stage?.speaking ?? []) session.speak(now);
}, 1);

const api = {
  listen(): Promise<number> {
    return new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    });
  },
  /** A new run: what was seen before is forgotten. */
  begin(options: ModelOptions): void {
    hushed = false;
    stage = { options, record: new ModelRecord(), speaking: new Set() };
  },
  cpuSeconds(): number {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
  openSessions(): number {
    return sessions.size;
  },
  /** Answers in the making stay as they are. */
  hush(): void {
    hushed = true;
  },
  framesReceived(): number {
    return [...(stage?.record.calls.values() ?? [])].reduce((sum, { received }) => sum + received, 0);
  },
  report(): ModelReport {
    const { latency, firstFrame, calls, speechStarts, truncates, commands, violations } = stage?.record ?? new ModelRecord();
    return { latency: latency.data, firstFrame: firstFrame.data, calls, speechStarts, truncates, commands, violations };
  },
};

export type ModelApi = typeof api;

serve(api);

import http from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { claimCall } from '../domain/calls/claim-call.ts';
import { keepCalls } from '../domain/calls/keep-calls.ts';
import { newId } from '../kit/ids.ts';
import { SECOND } from '../kit/time.ts';
import { acceptWebSocket } from '../kit/websocket-handshake.ts';
import { CarrierProtocolError, type CarrierStreamStart } from '../ports/carrier-protocol.ts';
import { Bridge, type CarrierLine, keepFrame } from './bridge.ts';
import { type CloseReason, closeCodes } from './close-codes.ts';
import { CommandWatch } from './command-watch.ts';
import type { MediaApp } from './media-app.ts';
import { mediaMetrics } from './metrics.ts';
import { TurnLog } from './turn-log.ts';
import { UsageMeter } from './usage.ts';

export interface MediaServer extends AsyncDisposable {
  readonly port: number;
  /** How many calls it bridges now. */
  readonly calls: number;
  /** Takes no new calls, lets the present ones run for at most `seconds`, then hands them over. */
  drain(seconds: number): Promise<void>;
}

const START_WITHIN_MS = 10 * SECOND;
const HEARTBEAT_MS = 10 * SECOND;
/** In so many parts of a second the bridges look at their clocks. */
const TURNS = 20;
/** A frame of Twilio's has 20 ms of audio; nobody sends more than some seconds at once. */
const LARGEST_FRAME = 64 * 1024;
const PATH = '/media/twilio';

/**
 * The media process: carriers open a WebSocket for each call, say in `start` which one it is, and a bridge takes it.
 *
 * @param answerHttp answers what is no media socket (health, metrics).
 */
export async function startMediaServer(app: MediaApp, options: { port: number; host: string; answerHttp: http.RequestListener }): Promise<MediaServer> {
  const { clock, logger } = app;
  const metrics = mediaMetrics(app.metrics);
  const turnLog = new TurnLog(app, metrics);
  const usage = new UsageMeter(app);
  const bridges = new Set<Bridge>();
  /** Each bridge once a second, a part of them at a time: all at once would keep everybody's audio waiting. */
  const turns = Array.from({ length: TURNS }, () => new Set<Bridge>());
  let nextTurn = 0;
  const server = http.createServer(options.answerHttp);
  const commands = new CommandWatch(app, bridges);
  let draining = false;

  server.on('upgrade', (request: http.IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    if (draining) return void socket.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\n\r\n');
    if (new URL(request.url ?? '/', 'http://media').pathname !== PATH) return void socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n');
    if (!app.carrier?.isAuthenticStream(request)) {
      metrics.closed.inc({ reason: 'unsigned' });
      logger.warn({ remote: request.socket.remoteAddress }, 'a media socket without the signature of the carrier was refused');
      return void socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
    }
    if (socket instanceof Socket) accept(request, socket, head);
    else socket.destroy();
  });

  function accept(request: http.IncomingMessage, wire: Socket, head: Buffer): void {
    const socket = acceptWebSocket(
      request,
      wire,
      head,
      { largestMessage: LARGEST_FRAME },
      {
        message(frame, isBinary) {
          try {
            stream.read(frame, isBinary);
          } catch (error) {
            if (!(error instanceof CarrierProtocolError)) logger.error({ error }, 'a media frame could not be handled');
            close(error instanceof CarrierProtocolError ? 'protocol' : 'failed');
          }
        },
        closed({ error }) {
          if (error) logger.warn({ reason: error.message }, 'a media socket failed');
          closed = true;
          notStarted.cancel();
          bridge?.carrierStopped(false);
        },
      },
    );
    if (!socket) return;
    let bridge: Bridge | null = null;
    let closed = false;
    const early: Buffer[] = [];
    const close = (reason: CloseReason) => {
      if (closed) return;
      closed = true;
      metrics.closed.inc({ reason });
      socket.close(closeCodes[reason]);
    };
    const notStarted = clock.after(START_WITHIN_MS, () => close('notStarted'));
    const stream = app.carrierProtocol.open({
      started: (start) => {
        notStarted.cancel();
        void take(start);
      },
      audio: (base64) => (bridge ? bridge.callerAudio(base64) : keepFrame(early, base64)),
      mark: (name) => bridge?.mark(name),
      digit: (digit) => bridge?.digit(digit),
      stopped: () => bridge?.carrierStopped(true),
    });
    const line: CarrierLine = {
      stream,
      sendAudio: (base64) => socket.sendParts(stream.audioStart, base64, stream.audioEnd),
      send: (message) => socket.send(message),
      together: (act) => socket.together(act),
      close,
      get bufferedBytes() {
        return socket.bufferedBytes;
      },
    };

    async function take(start: CarrierStreamStart): Promise<void> {
      const claim = await claimCall(app, { token: start.token, carrierCallId: start.carrierCallId, bridgeId: newId() }).catch((error: unknown) => {
        logger.error({ error, carrierCallId: start.carrierCallId }, 'a call could not be claimed');
        return null;
      });
      if (!claim) return close('failed');
      if (!claim.ok) {
        logger.warn({ carrierCallId: start.carrierCallId, problems: claim.problems }, 'a media socket was refused');
        return close('unauthorized');
      }
      const taken = new Bridge(app, metrics, turnLog, usage, line, claim.value, early);
      bridge = taken;
      bridges.add(taken);
      const mine = turns[nextTurn++ % TURNS];
      mine?.add(taken);
      void commands.look([taken]);
      metrics.calls.set(bridges.size);
      // Hung up while the claim was under way.
      if (closed) taken.carrierStopped(false);
      await taken.ended;
      bridges.delete(taken);
      mine?.delete(taken);
      metrics.calls.set(bridges.size);
    }
  }

  let turn = 0;
  const ticking = clock.every(SECOND / TURNS, () => {
    turn = (turn + 1) % TURNS;
    for (const bridge of turns[turn] ?? []) bridge.tick();
  });
  const beating = clock.every(
    HEARTBEAT_MS,
    () => void beat().catch((error: unknown) => logger.error({ error }, 'the heartbeat of calls could not be written')),
  );

  /** Says that the calls of this process are alive; a call that another bridge has claimed is let go. */
  async function beat(): Promise<void> {
    void usage.flush();
    const claims = [...bridges].map(({ call: { callId, bridgeId } }) => ({ callId, bridgeId }));
    const lost = new Set(await keepCalls(app, claims));
    for (const bridge of bridges) if (lost.has(bridge.call.bridgeId)) bridge.handOver('another bridge has the call');
    await commands.look();
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });

  async function drain(seconds: number): Promise<void> {
    draining = true;
    const running = () => Promise.all([...bridges].map((bridge) => bridge.ended));
    const enough = new AbortController();
    await Promise.race([running(), clock.sleep(seconds * SECOND, enough.signal).catch(() => {})]);
    enough.abort();
    for (const bridge of bridges) bridge.handOver('the process stops');
    await running();
  }

  return {
    port: (server.address() as AddressInfo).port,
    get calls() {
      return bridges.size;
    },
    drain,
    async [Symbol.asyncDispose]() {
      await drain(0);
      ticking.cancel();
      beating.cancel();
      await commands[Symbol.asyncDispose]();
      await turnLog[Symbol.asyncDispose]();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

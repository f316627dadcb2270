import { once } from 'node:events';
import http from 'node:http';
import WebSocket, { WebSocketServer } from 'ws';
import { z } from 'zod';
import type { Simulator } from '../../src/simulator/lab.ts';

const carrierMessage = z.discriminatedUnion('event', [
  z.object({ event: z.literal('connected') }),
  z.object({ event: z.literal('start'), start: z.object({ streamSid: z.string(), customParameters: z.record(z.string(), z.string()) }) }),
  z.object({ event: z.literal('media'), media: z.object({ payload: z.string() }) }),
  z.object({ event: z.literal('mark'), mark: z.object({ name: z.string() }) }),
  z.object({ event: z.literal('dtmf') }),
  z.object({ event: z.literal('stop') }),
]);

const modelEvent = z.looseObject({ type: z.string() });
export type ModelEvent = z.infer<typeof modelEvent>;

export interface Webhook {
  readonly path: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly form: URLSearchParams;
}

export interface SimpleBridge extends AsyncDisposable {
  readonly voiceUrl: string;
  readonly statusUrl: string;
  readonly webhooks: Webhook[];
  readonly upgrades: http.IncomingHttpHeaders[];
  readonly carrierFrames: string[];
  readonly modelEvents: ModelEvent[];
  readonly clientEvents: object[];
  readonly outputs: Map<string, unknown>;
  /** What each path is answered with; `status:500` and the like is that status. */
  readonly twiml: Record<string, string>;
  /** What a tool answers. */
  tools: (name: string, args: unknown) => unknown;
  instructions: string;
  greeting: string;
  /** Sends something to the newest carrier socket. */
  toCarrier(message: string | Buffer): void;
  closeCarrier(): void;
  readonly mediaUrl: string;
}

export const TOOLS = [
  {
    type: 'function',
    name: 'check_availability',
    description: 'Free times of a day.',
    parameters: { type: 'object', properties: { date: { type: 'string' }, time: { type: ['string', 'null'] } }, required: ['date'] },
  },
  {
    type: 'function',
    name: 'book_appointment',
    description: 'Books a time.',
    parameters: {
      type: 'object',
      properties: { startsAt: { type: 'string' }, customerName: { type: 'string' }, details: { type: ['string', 'null'] } },
      required: ['startsAt', 'customerName'],
    },
  },
  {
    type: 'function',
    name: 'take_message',
    description: 'Takes a message.',
    parameters: { type: 'object', properties: { body: { type: 'string' }, callerName: { type: 'string' }, urgent: { type: 'boolean' } }, required: ['body'] },
  },
  { type: 'function', name: 'end_call', description: 'Hangs up.', parameters: { type: 'object', properties: { reason: { type: 'string' } } } },
];

/**
 * The least that joins the simulated carrier to the simulated model, for tests of the simulator itself: it has nothing
 * of the real bridge. It interrupts by `clear` and truncation, runs tools at once and hangs up after `end_call`.
 */
export async function startSimpleBridge(lab: Simulator): Promise<SimpleBridge> {
  const sockets = new WebSocketServer({ noServer: true });
  const models = new Set<WebSocket>();
  let carrierSocket: WebSocket | null = null;
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const path = request.url ?? '/';
    bridge.webhooks.push({ path, url: `${base}${path}`, headers: request.headers, form: new URLSearchParams(Buffer.concat(chunks).toString()) });
    if (path.startsWith('/status')) return void response.writeHead(204).end();
    const twiml = bridge.twiml[new URL(path, base).pathname] ?? '';
    if (twiml.startsWith('status:')) return void response.writeHead(Number(twiml.slice(7))).end();
    response.writeHead(200, { 'content-type': 'text/xml' }).end(twiml);
  });
  server.on('upgrade', (request, socket, head) => {
    bridge.upgrades.push(request.headers);
    if (request.url === '/refused') return void socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
    sockets.handleUpgrade(request, socket, head, (client) => join(client));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const base = `http://127.0.0.1:${port}`;

  const bridge: SimpleBridge = {
    voiceUrl: `${base}/voice`,
    statusUrl: `${base}/status`,
    mediaUrl: `ws://127.0.0.1:${port}/media`,
    webhooks: [],
    upgrades: [],
    carrierFrames: [],
    modelEvents: [],
    clientEvents: [],
    outputs: new Map(),
    twiml: {
      '/voice': `<Response><Connect><Stream url="ws://127.0.0.1:${port}/media"><Parameter name="token" value="t&amp;1"/></Stream></Connect><Redirect>/next</Redirect></Response>`,
      '/next': '<Response><Hangup/></Response>',
    },
    tools: () => ({ ok: true }),
    instructions: 'It is Thursday, November 20, 2025, 09:00 on the clock of America/New_York (UTC-05:00).',
    greeting: 'Hello, this is Bright Cuts. How can I help you?',
    toCarrier: (message) => carrierSocket?.send(message),
    closeCarrier: () => carrierSocket?.close(),
    async [Symbol.asyncDispose]() {
      for (const socket of [...sockets.clients, ...models]) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  function join(carrier: WebSocket): void {
    carrierSocket = carrier;
    const model = new WebSocket(`${lab.realtimeUrl}?model=gpt-realtime`, { headers: { authorization: `Bearer ${lab.apiKey}` } });
    models.add(model);
    let streamSid = '';
    let ready = false;
    let ending = false;
    const early: string[] = [];
    // What was sent of the newest answer, and what its marks say was heard of it.
    let speaking = { itemId: '', sentMs: 0, heardMs: 0 };
    const ask = (event: object) => {
      bridge.clientEvents.push(event);
      if (model.readyState === WebSocket.OPEN) model.send(JSON.stringify(event));
    };
    const append = (audio: string) => model.send(`{"type":"input_audio_buffer.append","audio":"${audio}"}`);
    const tell = (message: object) => carrier.readyState === WebSocket.OPEN && carrier.send(JSON.stringify({ streamSid, ...message }));
    const toolCalls: { name: string; call_id: string; arguments: string }[] = [];

    // Nothing can be played before the stream has a name.
    const greet = () => ready && streamSid !== '' && ask({ type: 'response.create', response: { instructions: `Say exactly: "${bridge.greeting}"` } });

    carrier.on('message', (data) => {
      bridge.carrierFrames.push(String(data));
      const message = carrierMessage.parse(JSON.parse(String(data)));
      if (message.event === 'start') {
        streamSid = message.start.streamSid;
        greet();
      }
      if (message.event === 'media') {
        if (ready) append(message.media.payload);
        else early.push(message.media.payload);
      }
      if (message.event !== 'mark') return;
      const [itemId, ms] = message.mark.name.split('@');
      if (itemId === speaking.itemId) speaking.heardMs = Number(ms);
      if (ending && speaking.heardMs >= speaking.sentMs) carrier.close();
    });
    carrier.on('close', () => model.close());
    model.on('error', () => carrier.close());
    model.on('close', () => carrier.close());
    model.on('message', (data) => {
      const event = modelEvent.parse(JSON.parse(String(data)));
      bridge.modelEvents.push(event);
      switch (event.type) {
        case 'session.created':
          return ask({
            type: 'session.update',
            session: {
              type: 'realtime',
              instructions: bridge.instructions,
              tools: TOOLS,
              audio: {
                input: { format: { type: 'audio/pcmu' }, transcription: { model: 'gpt-4o-mini-transcribe' }, turn_detection: { type: 'server_vad' } },
                output: { format: { type: 'audio/pcmu' }, voice: 'marin' },
              },
            },
          });
        case 'session.updated':
          ready = true;
          for (const audio of early.splice(0)) append(audio);
          return greet();
        case 'response.output_audio.delta': {
          const { item_id: itemId, delta } = z.object({ item_id: z.string(), delta: z.string() }).parse(event);
          if (speaking.itemId !== itemId) speaking = { itemId, sentMs: 0, heardMs: 0 };
          speaking.sentMs += Buffer.from(delta, 'base64').length / 8;
          tell({ event: 'media', media: { payload: delta } });
          return void tell({ event: 'mark', mark: { name: `${itemId}@${speaking.sentMs}` } });
        }
        case 'input_audio_buffer.speech_started': {
          if (speaking.itemId === '' || speaking.heardMs >= speaking.sentMs) return;
          const { itemId, heardMs } = speaking;
          tell({ event: 'clear' });
          ask({ type: 'conversation.item.truncate', item_id: itemId, content_index: 0, audio_end_ms: heardMs });
          speaking = { itemId: '', sentMs: 0, heardMs: 0 };
          return;
        }
        case 'response.function_call_arguments.done':
          return void toolCalls.push(z.object({ name: z.string(), call_id: z.string(), arguments: z.string() }).parse(event));
        case 'response.done': {
          const calls = toolCalls.splice(0);
          for (const call of calls) {
            const output = bridge.tools(call.name, JSON.parse(call.arguments));
            bridge.outputs.set(call.name, JSON.parse(call.arguments));
            ask({ type: 'conversation.item.create', item: { type: 'function_call_output', call_id: call.call_id, output: JSON.stringify(output) } });
            if (call.name === 'end_call') ending = true;
          }
          if (calls.length > 0 && !ending) ask({ type: 'response.create' });
          return;
        }
      }
    });
  }
  return bridge;
}

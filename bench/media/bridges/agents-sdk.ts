/** The peer: OpenAI's own Twilio transport with a RealtimeSession, put together as its documentation shows. */
import fastifyFormBody from '@fastify/formbody';
import fastifyWebsocket from '@fastify/websocket';
import { RealtimeAgent, RealtimeSession, tool } from '@openai/agents/realtime';
import { TwilioRealtimeTransportLayer } from '@openai/agents-extensions';
import Fastify from 'fastify';
import { z } from 'zod';

const url = process.env.OPENAI_REALTIME_URL ?? '';

const checkAvailability = tool({
  name: 'check_availability',
  description: 'The free times of a day.',
  parameters: z.object({ date: z.string() }),
  execute: async ({ date }) => `On ${date}: 10:00 and 14:30.`,
});

const agent = new RealtimeAgent({
  name: 'Receptionist',
  instructions: 'You answer the telephone of a small business and book appointments.',
  tools: [checkAvailability],
});

const server = Fastify();
server.register(fastifyFormBody);
server.register(fastifyWebsocket);
server.register(async (scope) => {
  scope.get('/media-stream', { websocket: true }, async (connection) => {
    const transport = new TwilioRealtimeTransportLayer({ twilioWebSocket: connection, url });
    const session = new RealtimeSession(agent, { transport, model: 'gpt-realtime', config: { audio: { output: { voice: 'verse' } } } });
    // An error event without a listener would end the process; what went wrong shows in the figures.
    session.on('error', () => {});
    await session.connect({ apiKey: 'bench', url });
  });
});
await server.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });

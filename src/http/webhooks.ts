import type { IncomingMessage, ServerResponse } from 'node:http';
import { Counter, type Registry } from 'prom-client';
import type { AnswerScope } from '../domain/calls/answer-call.ts';
import { recordStatus } from '../domain/calls/record-status.ts';
import { type Carrier, CarrierPayloadError } from '../ports/carrier.ts';
import type { CarrierReply, CarrierRequest } from '../ports/carrier-webhook.ts';
import { hearAnswerer, hearRecording } from './call-reports.ts';
import { hearTurn } from './gather-call.ts';
import { answerVoice, callNamedBy, replyAfterFault, resumeVoice } from './inbound-call.ts';
import { readBody } from './request-body.ts';
import { isAboutTransfer, recordPerson } from './transfers.ts';

export interface WebhookApp extends Omit<AnswerScope, 'carrier'> {
  readonly carrier: Carrier | null;
  readonly metrics: Registry;
}

type Hook = (app: AnswerScope, request: CarrierRequest) => Promise<CarrierReply | null>;

/** What a carrier asks and tells. Null is an answer without words. */
const HOOKS: Readonly<Record<string, { readonly act: Hook; readonly talks: boolean }>> = {
  voice: { act: answerVoice, talks: true },
  resume: { act: resumeVoice, talks: true },
  amd: { act: hearAnswerer, talks: false },
  recording: { act: hearRecording, talks: false },
  gather: { act: hearTurn, talks: true },
  status: {
    talks: false,
    async act(app, request) {
      if (isAboutTransfer(request)) await recordPerson(app, request);
      else await recordStatus(app, { status: app.carrier.readStatus(request), ...callNamedBy(request) });
      return null;
    },
  },
};

/** Twilio's own are well under 4 KB. */
const LARGEST_BODY = 64 * 1024;
const PATH = /^\/webhooks\/([a-z-]+)\/([a-z-]+)(?=$|\?)/;

/**
 * The vendors' webhooks: verify, parse, hand over, answer. Only what is signed over our public address gets further
 * than the signature; of anything else nothing is stored.
 *
 * @returns a handler that says whether the request was its to answer.
 */
export function httpRoutes(app: WebhookApp): (req: IncomingMessage, res: ServerResponse) => Promise<boolean> {
  const refusals = new Counter({
    name: 'callgraph_webhooks_refused_total',
    help: 'Webhooks that were not taken, by why.',
    labelNames: ['vendor', 'reason'],
    registers: [app.metrics],
  });

  return async (req, res) => {
    const [, vendor = '', hookName = ''] = PATH.exec(req.url ?? '') ?? [];
    if (!vendor) return false;
    const refuse = (status: number, reason: string, message: string): true => {
      refusals.inc({ vendor: app.carrier?.path === vendor ? vendor : 'other', reason });
      app.logger.warn({ path: `/webhooks/${vendor}/${hookName}`, reason, remote: req.socket?.remoteAddress }, 'a webhook was refused');
      // Whoever still sends is not listened to any longer.
      if (!req.complete) res.setHeader('connection', 'close');
      answerJson(res, status, message);
      return true;
    };

    const hook = Object.hasOwn(HOOKS, hookName) ? HOOKS[hookName] : undefined;
    if (!app.carrier || app.carrier.path !== vendor || !hook) return refuse(404, 'unknown', 'There is no such webhook.');
    if (req.method !== 'POST') return refuse(405, 'method', 'Webhooks are posted.');
    const body = await readBody(req, LARGEST_BODY).catch(() => undefined);
    if (body === undefined) return true;
    if (body === null) return refuse(413, 'too-large', 'The body is too large.');

    const scope: AnswerScope = { ...app, carrier: app.carrier };
    const request: CarrierRequest = { method: req.method, pathAndQuery: req.url ?? '', headers: req.headers, body };
    if (!scope.carrier.isAuthentic(request)) return refuse(403, 'signature', 'The signature does not fit.');
    try {
      answer(res, await hook.act(scope, request));
    } catch (error) {
      if (error instanceof CarrierPayloadError) return refuse(400, 'unreadable', error.message);
      app.logger.error({ err: error, path: `/webhooks/${vendor}/${hookName}` }, 'a webhook could not be carried out');
      if (hook.talks) answer(res, replyAfterFault(scope, request));
      else answerJson(res, 500, 'The webhook could not be carried out.');
    }
    return true;
  };
}

function answer(res: ServerResponse, reply: CarrierReply | null): void {
  if (!reply) res.writeHead(204).end();
  else res.writeHead(200, { 'content-type': reply.contentType, 'content-length': Buffer.byteLength(reply.body), 'cache-control': 'no-store' }).end(reply.body);
}

function answerJson(res: ServerResponse, status: number, message: string): void {
  const body = JSON.stringify({ error: message });
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...(status === 405 && { allow: 'POST' }) }).end(body);
}

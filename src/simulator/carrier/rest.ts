import type http from 'node:http';
import type { Caller } from '../callers/caller.ts';
import { keep } from '../keep.ts';
import type { SimulatedCall } from './call.ts';
import type { SimulatedCarrier } from './carrier.ts';
import { rfc2822 } from './exchange.ts';
import { accountResource } from './numbers/resources.ts';
import { numbersRest } from './numbers/rest.ts';
import type { SoldNumbers } from './numbers/sold.ts';
import { checkCreate, checkUpdate } from './parameters.ts';
import { callRecordings, recordings } from './recordings-rest.ts';
import { notAllowed, type RestAnswer, refused } from './rest-answer.ts';

const ROOT = '/2010-04-01/Accounts/';

export interface RestOptions {
  readonly carrier: SimulatedCarrier;
  /** Who answers at a number. */
  readonly callee: (number: string) => Caller;
  /** Numbers that calls may be placed from; null: any. */
  readonly ownedNumbers: ReadonlySet<string> | null;
  /** Numbers that were bought: they may be called from too. */
  readonly sold: SoldNumbers;
}

export const isRestPath = (path: string): boolean => path.startsWith(ROOT);

/** The carrier's REST interface, as far as calls and numbers go. */
export function handleRest(options: RestOptions, request: http.IncomingMessage, response: http.ServerResponse, body: string): void {
  const { log, faults } = options.carrier.exchange;
  const url = new URL(request.url ?? '/', 'http://localhost');
  const form = new URLSearchParams(body);
  const down = faults.refuseRequests > 0;
  if (down) faults.refuseRequests -= 1;
  const answer = down ? refused({ status: 503, code: 20503, message: 'Service unavailable' }) : route(options, request, url, form);
  keep(log.requests, {
    method: request.method ?? '',
    path: url.pathname + url.search,
    form: Object.fromEntries(form),
    status: answer.status,
    unknown: answer.unknown ?? [],
  });
  if (faults.loseAnswers > 0) {
    faults.loseAnswers -= 1;
    return void request.socket.destroy();
  }
  if (answer.sound) return void response.writeHead(200, { 'content-type': 'audio/x-wav', 'content-length': answer.sound.length }).end(answer.sound);
  response.writeHead(answer.status, { 'content-type': 'application/json; charset=utf-8', ...(answer.status === 401 && { 'www-authenticate': 'Basic' }) });
  response.end(answer.body === null ? undefined : JSON.stringify(answer.body));
}

function route(options: RestOptions, request: http.IncomingMessage, url: URL, form: URLSearchParams): RestAnswer {
  const { accountSid, authToken } = options.carrier.exchange;
  const expected = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  if (request.headers.authorization !== expected) return refused({ status: 401, code: 20003, message: 'Authenticate' });
  const missing = refused({ status: 404, code: 20404, message: `The requested resource ${url.pathname} was not found` });
  const path = url.pathname.slice(ROOT.length).split('/');
  if (path[0] === accountSid && path[1] === 'Recordings' && path[2]) return recordings(options.carrier.exchange, request.method ?? '', path[2]);
  const [account, resource, sid, part, partSid] = path.map((name) => name.replace(/\.json$/, ''));
  if (account !== accountSid || !url.pathname.endsWith('.json')) return missing;
  if (resource === undefined) return request.method === 'GET' ? { status: 200, body: accountResource(options.carrier.exchange) } : notAllowed;
  const names = path.slice(1).map((name) => name.replace(/\.json$/, ''));
  const shop = { exchange: options.carrier.exchange, sold: options.sold };
  const number = numbersRest(shop, { method: request.method ?? '', path: names, url, form });
  if (number) return number;
  if (resource !== 'Calls') return missing;
  if (sid === undefined) {
    if (request.method === 'GET') return listCalls(options, url);
    return request.method === 'POST' ? createCall(options, form) : notAllowed;
  }
  const call = options.carrier.find(sid);
  if (!call || (part !== undefined && part !== 'Recordings')) return missing;
  if (part === 'Recordings') return callRecordings(call, request.method ?? '', partSid, form);
  if (request.method === 'GET') return { status: 200, body: callResource(call, accountSid) };
  return request.method === 'POST' ? updateCall(options, call, form) : notAllowed;
}

function createCall({ carrier, callee, ownedNumbers, sold }: RestOptions, form: URLSearchParams): RestAnswer {
  const mayCall = ownedNumbers && new Set([...ownedNumbers, ...sold.list().map(({ phoneNumber }) => phoneNumber)]);
  const checked = checkCreate(form, mayCall);
  if (!checked.ok) return refused(checked.refusal);
  const { to, from, instructions, statusUrl, statusEvents, detection, ringSeconds, maximumSeconds } = checked.value;
  const status = statusUrl ? { url: statusUrl, events: statusEvents } : null;
  const call = carrier.place({ direction: 'outbound-api', from, to, caller: callee(to), instructions, status, detection, ringSeconds, maximumSeconds });
  return { status: 201, body: callResource(call, carrier.exchange.accountSid), unknown: checked.unknown };
}

function updateCall({ carrier }: RestOptions, call: SimulatedCall, form: URLSearchParams): RestAnswer {
  const checked = checkUpdate(form);
  if (!checked.ok) return refused(checked.refusal);
  const { status, instructions } = checked.value;
  const answered = call.log.answeredAt !== null;
  if (call.over || (status === 'canceled' && answered)) {
    return refused({ status: 400, code: 21220, message: 'Call is not in-progress. Cannot redirect.' });
  }
  if (status) call.end(answered ? 'completed' : 'canceled', 'program');
  else if (instructions) call.redirect(instructions);
  return { status: 200, body: callResource(call, carrier.exchange.accountSid), unknown: checked.unknown };
}

function listCalls({ carrier }: RestOptions, url: URL): RestAnswer {
  const query = url.searchParams;
  const pageSize = Math.min(Math.max(Number(query.get('PageSize') ?? 50) || 50, 1), 1_000);
  const page = Math.max(Number(query.get('Page') ?? 0) || 0, 0);
  const found = carrier.list().filter(({ log }) => {
    const startedAt = log.answeredAt ?? log.createdAt;
    const equal = (name: string, value: string) => !query.has(name) || query.get(name) === value;
    if (!equal('To', log.to) || !equal('From', log.from) || !equal('Status', log.status)) return false;
    return dayMatches(query, startedAt);
  });
  const path = `${url.pathname}?${new URLSearchParams({ ...Object.fromEntries(query), PageSize: String(pageSize), Page: String(page) })}`;
  const at = (number: number) => path.replace(/([?&]Page=)\d+/, `$1${number}`);
  const calls = found.slice(page * pageSize, (page + 1) * pageSize);
  return {
    status: 200,
    body: {
      calls: calls.map((call) => callResource(call, carrier.exchange.accountSid)),
      first_page_uri: at(0),
      next_page_uri: (page + 1) * pageSize < found.length ? at(page + 1) : null,
      previous_page_uri: page > 0 ? at(page - 1) : null,
      page,
      page_size: pageSize,
      start: page * pageSize,
      end: page * pageSize + calls.length - 1,
      uri: path,
    },
  };
}

/** `StartTime` names a day or an instant; `StartTime>` means at or after it, `StartTime<` at or before. */
function dayMatches(query: URLSearchParams, startedAt: Date): boolean {
  const limit = (name: string) => {
    const text = query.get(name);
    return text === null ? null : { text, ms: Date.parse(text) };
  };
  const from = limit('StartTime>');
  const to = limit('StartTime<');
  const on = limit('StartTime');
  const wholeDay = (text: string) => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? 86_400_000 - 1 : 0);
  if (from && startedAt.getTime() < from.ms) return false;
  if (to && startedAt.getTime() > to.ms + wholeDay(to.text)) return false;
  return !on || (startedAt.getTime() >= on.ms && startedAt.getTime() <= on.ms + wholeDay(on.text));
}

function callResource({ sid, log }: SimulatedCall, accountSid: string): Record<string, unknown> {
  const uri = `${ROOT}${accountSid}/Calls/${sid}`;
  const startedAt = log.answeredAt ?? (log.endedAt ? log.createdAt : null);
  const parts = { notifications: 'Notifications', recordings: 'Recordings', streams: 'Streams', events: 'Events' };
  return {
    sid,
    date_created: rfc2822(log.createdAt),
    date_updated: rfc2822(log.endedAt ?? log.answeredAt ?? log.createdAt),
    parent_call_sid: log.parentSid,
    account_sid: accountSid,
    to: log.to,
    to_formatted: nationalFormat(log.to),
    from: log.from,
    from_formatted: nationalFormat(log.from),
    phone_number_sid: null,
    status: log.status,
    start_time: startedAt ? rfc2822(startedAt) : null,
    end_time: log.endedAt ? rfc2822(log.endedAt) : null,
    duration: log.durationSeconds === null ? null : String(log.durationSeconds),
    price: null,
    price_unit: 'USD',
    direction: log.direction,
    answered_by: log.answeredBy,
    api_version: '2010-04-01',
    forwarded_from: null,
    group_sid: null,
    caller_name: null,
    queue_time: '0',
    trunk_sid: null,
    uri: `${uri}.json`,
    subresource_uris: Object.fromEntries(Object.entries(parts).map(([key, name]) => [key, `${uri}/${name}.json`])),
  };
}

const nationalFormat = (number: string): string => number.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, '($1) $2-$3');

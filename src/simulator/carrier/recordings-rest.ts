import type { SimulatedCall } from './call.ts';
import { type Exchange, rfc2822 } from './exchange.ts';
import type { SimulatedRecording } from './recording.ts';
import { notAllowed, type RestAnswer, refused } from './rest-answer.ts';

/** Members of the vendor's specification, twilio_api_v2010 of 2026-04. */
const CREATE = new Set('RecordingStatusCallbackEvent RecordingStatusCallback RecordingStatusCallbackMethod Trim RecordingChannels RecordingTrack'.split(' '));
const EVENTS = ['in-progress', 'completed', 'absent'];

/** `Calls/{sid}/Recordings`: made of a live call, listed, stopped. */
export function callRecordings(call: SimulatedCall, method: string, sid: string | undefined, form: URLSearchParams): RestAnswer {
  const { exchange } = call;
  const own = [...exchange.recordings.values()].filter(({ callSid }) => callSid === call.sid);
  if (sid === undefined) {
    if (method === 'GET') return { status: 200, body: page(own.toReversed().map((recording) => resource(recording, exchange))) };
    return method === 'POST' ? create(call, form) : notAllowed;
  }
  const recording = own.find((candidate) => candidate.sid === sid);
  if (!recording) return refused({ status: 404, code: 20404, message: `The requested resource ${sid} was not found` });
  if (method === 'GET') return { status: 200, body: resource(recording, exchange) };
  if (method !== 'POST') return notAllowed;
  const status = form.get('Status');
  if (status !== 'stopped') return refused({ status: 400, code: 20001, message: `Status ${status} cannot be set here` });
  if (recording.state !== 'in-progress') return refused({ status: 400, code: 21220, message: 'The recording is not in progress.' });
  call.stopRecording(recording);
  return { status: 200, body: resource(recording, exchange) };
}

function create(call: SimulatedCall, form: URLSearchParams): RestAnswer {
  if (call.over || call.log.status !== 'in-progress') return refused({ status: 400, code: 21220, message: 'Requested resource is not eligible for recording' });
  const url = form.get('RecordingStatusCallback');
  const events = form.getAll('RecordingStatusCallbackEvent').flatMap((text) => text.split(' '));
  const wrong = events.find((event) => !EVENTS.includes(event));
  if (wrong) return refused({ status: 400, code: 21626, message: `Invalid recording status callback event ${wrong}` });
  const recording = call.record(url ? { url, events: events.length > 0 ? events : ['completed'] } : null);
  return { status: 201, body: resource(recording, call.exchange), unknown: [...form.keys()].filter((name) => !CREATE.has(name)) };
}

/** `Recordings/{sid}`: what is kept, by its own id. The sound itself is not JSON. */
export function recordings(exchange: Exchange, method: string, name: string): RestAnswer {
  const sid = name.replace(/\.(wav|mp3|json)$/, '');
  const recording = exchange.recordings.get(sid);
  if (!recording) return refused({ status: 404, code: 20404, message: `The requested resource ${name} was not found` });
  if (method === 'DELETE') {
    exchange.recordings.delete(sid);
    return { status: 204, body: null };
  }
  if (method !== 'GET') return notAllowed;
  if (name.endsWith('.json')) return { status: 200, body: resource(recording, exchange) };
  if (recording.state !== 'completed') return refused({ status: 404, code: 20404, message: `The requested resource ${name} was not found` });
  return { status: 200, body: null, sound: recording.wav() };
}

const page = (listed: readonly object[]) => ({
  recordings: listed,
  page: 0,
  page_size: 50,
  start: 0,
  end: Math.max(0, listed.length - 1),
  uri: '',
  first_page_uri: '',
  next_page_uri: null,
  previous_page_uri: null,
});

function resource(recording: SimulatedRecording, { accountSid }: Exchange): object {
  const { sid, callSid, startedAt, state, channels } = recording;
  const over = state !== 'in-progress';
  return {
    sid,
    account_sid: accountSid,
    api_version: '2010-04-01',
    call_sid: callSid,
    conference_sid: null,
    date_created: rfc2822(startedAt),
    date_updated: rfc2822(startedAt),
    start_time: rfc2822(startedAt),
    duration: over ? String(recording.durationSeconds) : '-1',
    price: null,
    price_unit: 'USD',
    status: state,
    channels,
    source: channels === 1 ? 'RecordVerb' : 'StartCallRecordingAPI',
    error_code: null,
    track: channels === 1 ? 'inbound' : 'both',
    encryption_details: null,
    uri: `/2010-04-01/Accounts/${accountSid}/Calls/${callSid}/Recordings/${sid}.json`,
  };
}

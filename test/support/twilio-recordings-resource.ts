import { createHash } from 'node:crypto';
import type http from 'node:http';
import { type Answered, notFound, type Parameters, page, refusal, rfc2822, type TwinResource, textOf, twilioSpec } from './twilio-spec.ts';

/** A recording that the twin holds. */
export interface TwinRecording {
  readonly sid: string;
  readonly callSid: string;
  readonly callback: string;
  readonly channels: number;
  status: 'in-progress' | 'paused' | 'stopped' | 'processing' | 'completed' | 'absent';
  /** What is downloaded; null: not there yet. */
  sound: Buffer | null;
}

const OVER = new Set(['completed', 'absent']);

/** Twilio's Recordings resources, and the sound itself, which lies on another host. */
export class TwinRecordings implements TwinResource {
  /** In the order in which they were begun. */
  readonly recordings: TwinRecording[] = [];
  /** Calls that can be recorded; any, while it is null. */
  live: Set<string> | null = null;
  readonly #spec = twilioSpec('twilio-recordings-api.json', 'RE');
  readonly #ofCall = this.#spec.resource('api.v2010.account.call.call_recording');
  readonly #recording = this.#spec.resource('api.v2010.account.recording');
  readonly #accountSid: string;
  readonly #violations: string[];

  constructor(accountSid: string, violations: string[]) {
    this.#accountSid = accountSid;
    this.#violations = violations;
  }

  get operations() {
    return this.#spec.operations;
  }

  act(method: string, url: URL, parameters: Parameters): Answered {
    const callSid = /\/Calls\/(CA[0-9a-f]{32})\//.exec(url.pathname)?.[1];
    const sid = /\/Recordings\/(RE[0-9a-f]{32})\.json$/.exec(url.pathname)?.[1];
    if (callSid && !sid) return method === 'POST' ? this.#begin(callSid, parameters) : this.#list(callSid, url, parameters);
    const recording = this.recordings.find((candidate) => candidate.sid === sid && (!callSid || candidate.callSid === callSid));
    if (!recording) return notFound(url);
    if (method === 'DELETE') {
      this.recordings.splice(this.recordings.indexOf(recording), 1);
      return [204, null];
    }
    if (method === 'POST') {
      if (recording.status !== 'in-progress') return refusal(400, 21220, 'The recording is not in progress.');
      recording.status = textOf(parameters, 'Status') === 'stopped' ? 'stopped' : recording.status;
    }
    return [200, this.#describe(recording, callSid !== undefined)];
  }

  /** Answers for the sound: the API sends whoever has the password to where it lies, where no password is wanted. */
  download(req: http.IncomingMessage, res: http.ServerResponse, url: URL): boolean {
    const [, sid = ''] = /\/Recordings\/(RE[0-9a-f]{32})\.wav$/.exec(url.pathname) ?? /^\/media-host\/(RE[0-9a-f]{32})$/.exec(url.pathname) ?? [];
    if (!sid) return false;
    const { sound, channels } = this.recordings.find((recording) => recording.sid === sid) ?? {};
    if (!sound) res.writeHead(404, { 'content-type': 'text/xml' }).end('<TwilioResponse/>');
    else if (url.pathname.startsWith('/media-host/')) {
      if (req.headers.authorization) this.#violations.push('the password was sent to another host');
      res.writeHead(200, { 'content-type': 'audio/x-wav' }).end(sound);
    } else {
      const asked = url.searchParams.get('RequestedChannels');
      if (asked !== (channels === 2 ? '2' : null)) this.#violations.push(`a recording of ${channels} channels was fetched as ${asked}`);
      const { port } = new URL(`http://${req.headers.host}`);
      res.writeHead(302, { location: `http://localhost:${port}/media-host/${sid}` }).end();
    }
    return true;
  }

  #begin(callSid: string, parameters: Parameters): Answered {
    if (this.live && !this.live.has(callSid)) return refusal(404, 20404, 'The requested call was not found');
    const events = [parameters.RecordingStatusCallbackEvent ?? []].flat();
    if (events.some((event) => !['in-progress', 'completed', 'absent'].includes(event))) this.#violations.push(`events ${events}`);
    const recording: TwinRecording = {
      sid: `RE${createHash('md5').update(`${callSid}:${this.recordings.length}`).digest('hex')}`,
      callSid,
      callback: textOf(parameters, 'RecordingStatusCallback'),
      channels: textOf(parameters, 'RecordingChannels') === 'dual' ? 2 : 1,
      status: 'in-progress',
      sound: null,
    };
    this.recordings.push(recording);
    return [201, this.#describe(recording, true)];
  }

  #list(callSid: string, url: URL, parameters: Parameters): Answered {
    const own = this.recordings.filter((recording) => recording.callSid === callSid).reverse();
    return page(
      'recordings',
      url,
      own.map((recording) => this.#describe(recording, true)),
      parameters,
    );
  }

  #describe({ sid, callSid, status, channels }: TwinRecording, ofCall: boolean): object {
    const now = rfc2822(new Date());
    const told = {
      account_sid: this.#accountSid,
      api_version: '2010-04-01',
      call_sid: callSid,
      conference_sid: null,
      date_created: now,
      date_updated: now,
      start_time: now,
      duration: OVER.has(status) ? '12' : '-1',
      sid,
      price: null,
      uri: `/2010-04-01/Accounts/${this.#accountSid}/Calls/${callSid}/Recordings/${sid}.json`,
      encryption_details: null,
      price_unit: 'USD',
      status,
      channels,
      source: 'StartCallRecordingAPI',
      error_code: null,
      ...(ofCall && { track: 'both' }),
      ...(!ofCall && { media_url: `https://api.twilio.com/2010-04-01/Accounts/${this.#accountSid}/Recordings/${sid}`, subresource_uris: {} }),
    };
    const fits = ofCall ? this.#ofCall : this.#recording;
    if (!fits(told)) this.#violations.push(`an answer of the twin's own: ${JSON.stringify(fits.errors)}`);
    return told;
  }
}

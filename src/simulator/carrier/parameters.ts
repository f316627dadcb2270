import type { DetectionOptions } from './answering-machine.ts';

/** A refusal in the vendor's words. */
export interface RestRefusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

export type Checked<T> = { readonly ok: true; readonly value: T; readonly unknown: readonly string[] } | { readonly ok: false; readonly refusal: RestRefusal };

export interface CreateCall {
  readonly to: string;
  readonly from: string;
  readonly instructions: { readonly url: string; readonly method: 'GET' | 'POST' } | { readonly twiml: string };
  readonly statusUrl: string | null;
  readonly statusEvents: readonly ('initiated' | 'ringing' | 'answered' | 'completed')[];
  readonly detection: DetectionOptions | null;
  readonly ringSeconds: number;
  readonly maximumSeconds: number;
}

export interface UpdateCall {
  readonly status: 'completed' | 'canceled' | null;
  readonly instructions: CreateCall['instructions'] | null;
}

/** Members of the vendor's specification, twilio_api_v2010 of 2026-04. */
const CREATE = new Set(
  (
    'To From Method FallbackUrl FallbackMethod StatusCallback StatusCallbackEvent StatusCallbackMethod SendDigits Timeout Record RecordingChannels ' +
    'RecordingStatusCallback RecordingStatusCallbackMethod SipAuthUsername SipAuthPassword MachineDetection MachineDetectionTimeout ' +
    'RecordingStatusCallbackEvent Trim CallerId MachineDetectionSpeechThreshold MachineDetectionSpeechEndThreshold MachineDetectionSilenceTimeout ' +
    'AsyncAmd AsyncAmdStatusCallback AsyncAmdStatusCallbackMethod Byoc CallReason CallToken RecordingTrack TimeLimit ClientNotificationUrl ' +
    'Url Twiml ApplicationSid'
  ).split(' '),
);
const UPDATE = new Set('Url Method Status FallbackUrl FallbackMethod StatusCallback StatusCallbackMethod Twiml TimeLimit'.split(' '));
const E164 = /^\+[1-9]\d{6,14}$/;
const FOUR_HOURS = 14_400;
const TWIML_CHARACTERS = 4_000;

/** Numbers that the vendor keeps for trying out refusals. */
const REFUSED_TO: Readonly<Record<string, [number, string]>> = {
  '+15005550001': [21217, 'is not a valid phone number'],
  '+15005550002': [21214, 'cannot be reached'],
  '+15005550003': [21215, 'is in a country that this account has no permission to call'],
  '+15005550004': [21216, 'is blocked'],
};
const REFUSED_FROM: Readonly<Record<string, [number, string]>> = {
  '+15005550001': [21212, 'is not a valid phone number or caller id'],
};

const refuse = (code: number, message: string, status = 400) => ({ ok: false as const, refusal: { status, code, message } });

/** @param ownedNumbers what may be shown as the caller; null: any. */
export function checkCreate(form: URLSearchParams, ownedNumbers: ReadonlySet<string> | null): Checked<CreateCall> {
  const to = form.get('To') ?? '';
  const from = form.get('From') ?? '';
  if (to === '') return refuse(21201, "No 'To' number specified");
  if (from === '') return refuse(21213, "No 'From' number specified");
  const [toCode, toProblem] = REFUSED_TO[to] ?? (E164.test(to) ? [] : [21211, 'is not a valid phone number']);
  if (toCode) return refuse(toCode, `The 'To' number ${to} ${toProblem}`);
  const [fromCode, fromProblem] = REFUSED_FROM[from] ?? (E164.test(from) ? [] : [21212, 'is not a valid phone number or caller id']);
  if (fromCode) return refuse(fromCode, `The 'From' number ${from} ${fromProblem}`);
  if (ownedNumbers && !ownedNumbers.has(from)) return refuse(21210, `The 'From' number ${from} is neither owned nor verified by this account`);

  const instructions = readInstructions(form);
  if (!instructions) return refuse(21205, 'Url parameter is required, and must be an absolute http or https address');
  if ('twiml' in instructions && instructions.twiml.length > TWIML_CHARACTERS) return refuse(21206, `Twiml is longer than ${TWIML_CHARACTERS} characters`);
  const statusUrl = form.get('StatusCallback');
  if (statusUrl !== null && !isWebAddress(statusUrl)) return refuse(21609, `Invalid 'StatusCallback' ${statusUrl}`);
  const events = form.getAll('StatusCallbackEvent');
  const wrong = events.find((event) => !isStatusEvent(event));
  if (wrong !== undefined) return refuse(21626, `Invalid status callback event ${wrong}`);
  const ringSeconds = readInteger(form.get('Timeout'), 60, 600);
  if (ringSeconds === null) return refuse(20001, 'Timeout must be a whole number from 1 to 600');
  const maximumSeconds = readInteger(form.get('TimeLimit'), FOUR_HOURS, 86_400);
  if (maximumSeconds === null) return refuse(20001, 'TimeLimit must be a whole number from 1 to 86400');
  const statusEvents = events.length > 0 ? events.filter(isStatusEvent) : ['completed' as const];
  const detection = readDetection(form);
  const unknown = [...form.keys()].filter((name) => !CREATE.has(name));
  return { ok: true, value: { to, from, instructions, statusUrl, statusEvents, detection, ringSeconds, maximumSeconds }, unknown };
}

export function checkUpdate(form: URLSearchParams): Checked<UpdateCall> {
  const status = form.get('Status');
  if (status !== null && status !== 'completed' && status !== 'canceled') return refuse(20001, `Status ${status} is none of completed and canceled`);
  const instructions = form.has('Url') || form.has('Twiml') ? readInstructions(form) : null;
  if ((form.has('Url') || form.has('Twiml')) && !instructions) return refuse(21205, 'Url must be an absolute http or https address');
  return { ok: true, value: { status, instructions }, unknown: [...form.keys()].filter((name) => !UPDATE.has(name)) };
}

function readInstructions(form: URLSearchParams): CreateCall['instructions'] | null {
  const url = form.get('Url');
  const twiml = form.get('Twiml');
  if (url !== null) return isWebAddress(url) ? { url, method: form.get('Method')?.toUpperCase() === 'GET' ? 'GET' : 'POST' } : null;
  return twiml === null ? null : { twiml };
}

/** Beside the call, as told to a callback; that which holds the call up is not played here. */
function readDetection(form: URLSearchParams): DetectionOptions | null {
  const mode = form.get('MachineDetection');
  const url = form.get('AsyncAmdStatusCallback');
  if ((mode !== 'Enable' && mode !== 'DetectMessageEnd') || form.get('AsyncAmd') !== 'true' || !url || form.has('SendDigits')) return null;
  return { mode, url };
}

function readInteger(text: string | null, otherwise: number, maximum: number): number | null {
  if (text === null) return otherwise;
  return /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= maximum ? Number(text) : null;
}

const isWebAddress = (text: string): boolean => /^https?:$/.test(URL.parse(text)?.protocol ?? '');

const isStatusEvent = (event: string): event is CreateCall['statusEvents'][number] => ['initiated', 'ringing', 'answered', 'completed'].includes(event);

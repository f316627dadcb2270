import { ok, type Problem, type Result, refused } from '../../kit/errors.ts';
import { DAY } from '../../kit/time.ts';
import { type CallingHours, LAWFUL_HOURS, type Weekday } from '../contacts/quiet-hours.ts';

/** What somebody asks of a campaign; what is left out is chosen for them. */
export interface CampaignWishes {
  readonly maxConcurrentCalls?: number | null;
  readonly maxAttempts?: number | null;
  readonly callingHours?: { readonly from: string; readonly to: string; readonly days: readonly Weekday[] } | null;
  readonly startsAt?: Date | null;
  readonly endsAt?: Date | null;
  readonly detectVoicemail?: boolean | null;
  readonly leaveVoicemail?: boolean | null;
  readonly voicemailMessage?: string | null;
}

export interface CampaignSettings {
  readonly maxConcurrentCalls: number;
  readonly maxAttempts: number;
  readonly hours: CallingHours;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly detectVoicemail: boolean;
  readonly leaveVoicemail: boolean;
  readonly voicemailMessage: string | null;
}

const CONCURRENT = { usual: 5, most: 200 };
const ATTEMPTS = { usual: 3, most: 10 };
const LONGEST_AHEAD_MS = 366 * DAY;
const LONGEST_MESSAGE = 1_000;

/** @returns the settings; `INVALID` for each that cannot be, with its path. */
export function campaignSettings(wishes: CampaignWishes, now: Date): Result<CampaignSettings> {
  const problems: Problem[] = [];
  const wrong = (field: string, message: string) => problems.push({ code: 'INVALID', message, path: ['input', ...field.split('.')] });
  const within = (field: 'maxConcurrentCalls' | 'maxAttempts', { usual, most }: { usual: number; most: number }) => {
    const value = wishes[field] ?? usual;
    if (!Number.isInteger(value) || value < 1 || value > most) wrong(field, `Choose a whole number from 1 to ${most}.`);
    return value;
  };
  const maxConcurrentCalls = within('maxConcurrentCalls', CONCURRENT);
  const maxAttempts = within('maxAttempts', ATTEMPTS);
  const hours = wishes.callingHours ?? LAWFUL_HOURS;
  if (hours.from >= hours.to) wrong('callingHours.to', 'The calling hours must end after they begin.');
  else if (hours.to <= LAWFUL_HOURS.from || hours.from >= LAWFUL_HOURS.to) {
    wrong('callingHours', `Nobody is called before ${LAWFUL_HOURS.from} or after ${LAWFUL_HOURS.to} where they are: choose hours in between.`);
  }
  if (hours.days.length === 0) wrong('callingHours.days', 'Choose a day at least.');

  const startsAt = wishes.startsAt && wishes.startsAt > now ? wishes.startsAt : null;
  const endsAt = wishes.endsAt ?? null;
  if (startsAt && startsAt.getTime() - now.getTime() > LONGEST_AHEAD_MS) wrong('startsAt', 'A campaign can be scheduled a year ahead at most.');
  if (endsAt && endsAt <= (startsAt ?? now)) wrong('endsAt', 'The campaign must end after it begins, and in the future.');

  const voicemailMessage = wishes.voicemailMessage?.trim() || null;
  if ((voicemailMessage?.length ?? 0) > LONGEST_MESSAGE) wrong('voicemailMessage', 'A message has 1,000 characters at most.');
  const detectVoicemail = wishes.detectVoicemail ?? true;
  const leaveVoicemail = wishes.leaveVoicemail ?? voicemailMessage !== null;
  if (leaveVoicemail && voicemailMessage === null) wrong('voicemailMessage', 'Say what is to be said to an answering machine.');
  if (leaveVoicemail && !detectVoicemail) wrong('detectVoicemail', 'A message can be left only where answering machines are told from people.');
  if (problems.length > 0) return refused(...problems);
  return ok({ maxConcurrentCalls, maxAttempts, hours, startsAt, endsAt, detectVoicemail, leaveVoicemail, voicemailMessage });
}

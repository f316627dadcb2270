import type { Database } from '../../src/db/client.ts';
import type { Simulator } from '../../src/simulator/lab.ts';

/** What must hold when all is over, whatever went wrong before. */
export interface Verdict {
  readonly what: string;
  /** How many were looked at. */
  readonly checked: number;
  /** Each thing that should not be, as a line. */
  readonly violations: readonly string[];
}

type Log = Simulator['log'];

/** Errors in the carrier's debugger that no trouble from outside explains: we said something wrong. */
const OUR_FAULT = new Set([12100, 12200, 12300, 31941, 31951, 13224]);
/** The share of an answer that was heard is told by time, the words of the simulated voice differ in length: its last words may be under way. */
const WORDS_UNDER_WAY = 3;

export async function examine({ root, pool }: Database, log: Log, placed: ReadonlyMap<string, string>): Promise<Verdict[]> {
  const calls = await root.call.findMany({ include: { turns: { orderBy: { sequence: 'asc' } }, toolCalls: true } });
  const carried = new Map(log.carrier.calls.map((call) => [call.sid, call]));
  const names = (list: readonly { id: string }[], why: string) => list.map(({ id }) => `call ${id}: ${why}`);

  const stuck = calls.filter(({ status }) => status !== 'ENDED' && status !== 'FAILED');
  const held = calls.filter(({ bridgeId }) => bridgeId !== null);
  const open = calls.filter(({ outcome, endedAt }) => !outcome || !endedAt);
  const unknown = log.carrier.calls.filter(
    ({ sid, direction, streams }) => direction === 'inbound' && streams.length > 0 && !calls.some((call) => call.carrierCallId === sid),
  );
  const longer = calls.filter(({ carrierCallId, durationSeconds }) => {
    const real = carried.get(carrierCallId ?? '')?.durationSeconds ?? 0;
    return (durationSeconds ?? 0) > real + 2 && real > 0;
  });
  const dialed = [...placed.keys()].map((to) => ({
    to,
    calls: log.carrier.calls.filter((call) => call.direction === 'outbound-api' && call.to === to).length,
  }));
  const booked = await root.booking.groupBy({ by: ['callId'], where: { status: 'CONFIRMED' }, _count: true });
  const overlaps = await pool.query<{ id: string }>(
    `select a."id" from "Booking" a join "Booking" b on a."assistantId" = b."assistantId" and a."lane" = b."lane" and a."id" < b."id"
     where a."status" <> 'CANCELED' and b."status" <> 'CANCELED' and a."startsAt" < b."blockedUntil" and b."startsAt" < a."blockedUntil"`,
  );
  const holds = await root.booking.findMany({ where: { status: 'HELD' }, select: { id: true, callId: true } });
  const turns = calls.flatMap(({ id, carrierCallId, turns }) =>
    turns.map((turn) => ({ ...turn, id, heardByThem: carried.get(carrierCallId ?? '')?.heard ?? '' })),
  );
  const spoken = turns.filter(({ speaker }) => speaker === 'ASSISTANT');

  return [
    {
      what: 'no call is stuck',
      checked: calls.length,
      violations: [...names(stuck, 'is not over'), ...names(held, 'is held by a bridge'), ...names(open, 'has no outcome')],
    },
    { what: 'every call that was taken has a row', checked: log.carrier.calls.length, violations: unknown.map(({ sid }) => `carrier call ${sid} has no row`) },
    {
      what: 'none is counted twice',
      checked: calls.length + dialed.length,
      violations: [
        ...dialed.filter((one) => one.calls > 1).map((one) => `${one.to} was rung ${one.calls} times`),
        ...names(longer, 'lasted longer than the carrier says'),
        ...duplicates(calls.flatMap(({ toolCalls }) => toolCalls.map(({ callId, modelCallId }) => `${callId} ${modelCallId}`))),
      ],
    },
    {
      what: 'no slot is leaked',
      checked: booked.length + holds.length,
      violations: [
        ...holds.map(({ id, callId }) => `booking ${id} of call ${callId} is still held`),
        ...overlaps.rows.map(({ id }) => `booking ${id} shares its lane with another`),
        ...booked.filter(({ callId, _count }) => callId !== null && _count > 1).map(({ callId, _count }) => `call ${callId} booked ${_count} times`),
      ],
    },
    {
      what: 'transcripts are whole',
      checked: turns.length,
      violations: [
        ...names(
          calls.filter(({ turns }) => turns.some(({ sequence }, index) => sequence !== index + 1)),
          'its turns have gaps',
        ),
        ...names(
          turns.filter(({ complete }) => !complete),
          'a turn was left open',
        ),
        ...names(
          turns.filter(({ heardMs, audioMs }) => heardMs > audioMs),
          'more was heard than was made',
        ),
        ...names(
          turns.filter(({ text, heardText }) => !text.startsWith(heardText)),
          'what was heard is not the beginning of what was said',
        ),
      ],
    },
    {
      what: 'what counts as heard was played',
      checked: spoken.length,
      violations: spoken
        .filter(({ heardText, interrupted, heardByThem }) => !wasPlayed(heardText, interrupted, heardByThem))
        .map(({ id, sequence, heardText }) => `call ${id}, turn ${sequence}: ${JSON.stringify(heardText)} did not reach the caller`),
    },
    {
      what: 'the carrier understood us',
      checked: log.carrier.webhooks.length,
      violations: log.carrier.notifications.filter(({ code }) => OUR_FAULT.has(code)).map(({ code, message }) => `${code}: ${message}`),
    },
  ];
}

function wasPlayed(heardText: string, interrupted: boolean, heardByThem: string): boolean {
  const words = wordsOf(heardText);
  const certain = interrupted ? words.slice(0, -WORDS_UNDER_WAY) : words;
  return ` ${wordsOf(heardByThem).join(' ')} `.includes(` ${certain.join(' ')} `) || certain.length === 0;
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

const duplicates = (keys: readonly string[]): string[] =>
  keys.filter((key, index) => keys.indexOf(key) !== index).map((key) => `tool call ${key} is there twice`);

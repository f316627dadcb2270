import type { ApiClient } from './api-client.ts';
import { BOOKING, type Booked, CALL, HOUSE, PLACE, RING, TRANSCRIPT, type Turn } from './documents.ts';
import type { Ink, Screen } from './terminal.ts';

type Stage = Screen & { paint(ink: Ink, text: string): string };

const CALLER = 'books-a-haircut';
const CALLEE = 'is-called-and-books';

/**
 * Tells one call in and one call out as they happen, by what the public subscriptions say and nothing else.
 *
 * @throws Error where a call ends without a booking, or with one that nobody spoke of.
 */
export async function tellStory(client: ApiClient, stage: Stage): Promise<void> {
  const { workspace, simulatedCallers } = await client.ask(HOUSE.document, {}, HOUSE.shape);
  const assistant = workspace.assistants.edges[0]?.node;
  if (!assistant?.phoneLine) throw new Error('The workspace has no assistant that answers a line.');
  const person = (key: string) => {
    const found = simulatedCallers.find((caller) => caller.key === key);
    if (!found) throw new Error(`The call lab has nobody called ${key}: does the simulator run?`);
    return found;
  };
  const business = assistant.businessName ?? workspace.name;

  const bookings = followBookings(client, assistant.id);
  try {
    const sam = person(CALLER);
    stage.write('', stage.paint('bold', `${sam.name} calls ${business} (${assistant.phoneLine.phoneNumber})`));
    const inbound = await client.ask(RING.document, { input: { assistantId: assistant.id, caller: sam.key } }, RING.shape);
    await tellCall(client, stage, { ...inbound.started, person: sam.name, assistant: assistant.name }, bookings);

    const alex = person(CALLEE);
    stage.write('', stage.paint('bold', `${assistant.name} calls ${alex.name} (${alex.phoneNumber})`));
    const outbound = await client.ask(PLACE.document, { input: { to: alex.phoneNumber, assistantId: assistant.id } }, PLACE.shape);
    await tellCall(client, stage, { ...outbound.started, person: alex.name, assistant: assistant.name }, bookings);
  } finally {
    await bookings.stop();
  }
}

interface Told {
  readonly call: { readonly id: string } | null;
  readonly errors: readonly { readonly message: string }[];
  readonly person: string;
  readonly assistant: string;
}

async function tellCall(client: ApiClient, stage: Stage, told: Told, bookings: Bookings): Promise<void> {
  if (!told.call) throw new Error(`The call was refused: ${told.errors.map((error) => error.message).join(' ')}`);
  const { id } = told.call;
  const [ending, turns] = await Promise.all([tellStates(client, stage, id), tellTurns(client, stage, id, told)]);
  stage.write(`  ${stage.paint('dim', `${ending}`)}`);
  const booking = bookings.of(id);
  if (!booking) throw new Error(`${told.person} has no appointment: the call ended without a booking.`);
  const spoken = turns.find((turn) => turn.speaker === 'CALLER' && turn.text.includes(booking.customerName));
  if (!spoken) throw new Error(`The booking is for ${booking.customerName}, whom nobody in the transcript speaks of.`);
  const day = Temporal.PlainDate.from(booking.date).toLocaleString('en-US', { weekday: 'long', month: 'long', day: 'numeric' });
  const about = booking.details ? `, ${booking.details}` : '';
  stage.write(
    `  ${stage.paint('green', `✓ booked: ${day} at ${booking.time} for ${booking.customerName}${about}`)} ${stage.paint('dim', `(${booking.timeZone})`)}`,
  );
}

async function tellStates(client: ApiClient, stage: Stage, id: string): Promise<string> {
  let last = '';
  for await (const { call } of client.follow(CALL.document, { id }, CALL.shape)) {
    if (call.status === last) continue;
    last = call.status;
    if (call.status === 'FAILED') throw new Error(`The call failed: ${call.endReason ?? call.outcome ?? 'no reason given'}.`);
    if (call.status === 'ENDED') return `${(call.outcome ?? 'ended').toLowerCase().replaceAll('_', ' ')} after ${call.durationSeconds ?? 0} s`;
    stage.write(`  ${stage.paint('dim', call.status.toLowerCase().replaceAll('_', ' '))}`);
  }
  throw new Error('The call is told of no more, and has not ended.');
}

async function tellTurns(client: ApiClient, stage: Stage, id: string, { person, assistant }: Told): Promise<Turn[]> {
  const open = new Map<number, Turn>();
  const turns: Turn[] = [];
  const width = Math.max(person.length, assistant.length);
  const line = (turn: Turn) => {
    const [name, ink]: [string, Ink] = turn.speaker === 'CALLER' ? [person, 'cyan'] : turn.speaker === 'ASSISTANT' ? [assistant, 'yellow'] : ['', 'dim'];
    const unheard = turn.interrupted ? turn.text.slice(turn.heardText.length) : '';
    const words = unheard ? `${turn.heardText}${stage.paint('dim', `${unheard} (not heard)`)}` : turn.text;
    return `  ${stage.paint(ink, name.padStart(width))}  ${words}`;
  };
  for await (const { transcript } of client.follow(TRANSCRIPT.document, { id }, TRANSCRIPT.shape)) {
    const { turn, partial } = transcript;
    if (partial) open.set(turn.sequence, turn);
    else {
      open.delete(turn.sequence);
      turns.push(turn);
      stage.write(line(turn));
    }
    stage.show([...open.values()].sort((a, b) => a.sequence - b.sequence).map((words) => `${line(words)} …`));
  }
  return turns;
}

interface Bookings {
  of(callId: string): Booked | undefined;
  stop(): Promise<void>;
}

/** Keeps what the subscription tells of bookings, as a calendar on a wall would. */
function followBookings(client: ApiClient, assistantId: string): Bookings {
  const byCall = new Map<string, Booked>();
  const stream = client.follow(BOOKING.document, { assistantId }, BOOKING.shape);
  const reading = (async () => {
    for await (const { booking } of stream) if (booking.call && booking.status === 'CONFIRMED') byCall.set(booking.call.id, booking);
  })();
  // Its end is looked at when the story ends; until then a failure shows as a booking that is missing.
  reading.catch(() => {});
  return {
    of: (callId) => byCall.get(callId),
    async stop() {
      await client[Symbol.asyncDispose]();
      await reading.catch(() => {});
    },
  };
}

import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as ws from 'ws';
import { opcodes, wholeFrame } from '../../src/kit/websocket-frame.ts';
import { WebSocketError, WebSocketReceiver } from '../../src/kit/websocket-receiver.ts';

/** The part of the package that reads; it is exported and not described. */
const { Receiver } = ws as unknown as {
  Receiver: new (options: { isServer: boolean; maxPayload: number; skipUTF8Validation: boolean }) => NodeJS.EventEmitter & { write(piece: Buffer): void };
};

type Side = 'server' | 'client';
type Seen = readonly unknown[];
const LARGEST = 3_000;
const sides: Side[] = ['client', 'server'];

/** What we understand. As with a socket that reads into one buffer, the bytes are overwritten after each read. */
function ours(pieces: readonly Buffer[], from: Side, checksText = from === 'client'): Seen {
  const seen: unknown[] = [];
  const receiver = new WebSocketReceiver(
    { from, largestMessage: LARGEST, checksText },
    {
      message: (payload, isBinary) => seen.push([isBinary ? 'binary' : 'text', payload.toString('latin1')]),
      ping: (payload) => seen.push(['ping', payload.toString('latin1')]),
      close: (code, reason) => seen.push(['close', code, reason]),
    },
  );
  const shared = Buffer.alloc(Math.max(1, ...pieces.map(({ length }) => length)));
  try {
    for (const piece of pieces) {
      piece.copy(shared);
      receiver.read(shared.subarray(0, piece.length));
      shared.fill(0xee);
    }
  } catch (error) {
    if (!(error instanceof WebSocketError)) throw error;
    seen.push(['error', error.code]);
  }
  return seen;
}

/** What the `ws` package understands. */
async function theirs(pieces: readonly Buffer[], from: Side): Promise<Seen> {
  const seen: unknown[] = [];
  const receiver = new Receiver({ isServer: from === 'client', maxPayload: LARGEST, skipUTF8Validation: from === 'server' });
  receiver.on('message', (data: Buffer, isBinary: boolean) => seen.push([isBinary ? 'binary' : 'text', data.toString('latin1')]));
  receiver.on('ping', (data: Buffer) => seen.push(['ping', data.toString('latin1')]));
  let ended = false;
  receiver.on('conclude', (code: number, reason: Buffer) => {
    ended = true;
    // Told not to look at texts it does not look at reasons either; we do.
    seen.push(isUtf8(reason) ? ['close', code, reason.toString()] : ['error', 1007]);
  });
  receiver.on('error', (error: object) => {
    ended = true;
    seen.push(['error', Object.getOwnPropertySymbols(error).map((symbol) => Reflect.get(error, symbol))[0]]);
  });
  for (const piece of pieces) if (!ended) receiver.write(Buffer.from(piece));
  await new Promise((resolve) => setImmediate(resolve));
  return seen;
}

const cut = (bytes: Buffer, lengths: readonly number[]): Buffer[] => {
  const pieces: Buffer[] = [];
  for (let at = 0, index = 0; at < bytes.length; index++) {
    const length = lengths[index % lengths.length] ?? 1;
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
};

/** One frame, with the header's first byte as it is given. */
function frame(first: number, payload: Buffer, from: Side): Buffer {
  const bytes = wholeFrame(first & 0x0f, payload, from);
  bytes[0] = first;
  return bytes;
}

const FINAL = 0x80;
const text = fc.string({ unit: 'grapheme', maxLength: 300 }).map((value) => Buffer.from(value.toWellFormed()));
const payload = fc.oneof(
  text,
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom(125, 126, 127, 700).map((length) => Buffer.alloc(length, 'x')),
);
const pings = fc.array(
  fc.uint8Array({ maxLength: 125 }).map((bytes) => Buffer.from(bytes)),
  { maxLength: 2 },
);

interface Message {
  readonly isBinary: boolean;
  readonly parts: readonly { readonly bytes: Buffer; readonly pings: readonly Buffer[] }[];
}

const message: fc.Arbitrary<Message> = fc.record({
  isBinary: fc.boolean(),
  parts: fc.array(fc.record({ bytes: payload, pings }), { minLength: 1, maxLength: 4 }),
});

/** A message in as many frames as it has parts, pings before each of them. */
const framesOf = ({ isBinary, parts }: Message, from: Side): Buffer[] =>
  parts.flatMap(({ bytes, pings }, index) => {
    const opcode = index > 0 ? opcodes.continuation : isBinary ? opcodes.binary : opcodes.text;
    return [...pings.map((ping) => frame(FINAL | opcodes.ping, ping, from)), frame((index === parts.length - 1 ? FINAL : 0) | opcode, bytes, from)];
  });

const understood = ({ isBinary, parts }: Message): Seen => [
  ...parts.flatMap(({ pings }) => pings.map((ping) => ['ping', ping.toString('latin1')])),
  [isBinary ? 'binary' : 'text', Buffer.concat(parts.map(({ bytes }) => bytes)).toString('latin1')],
];

const lengths = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 20 });

describe.each(sides)('bytes of a %s', (from) => {
  test('are the messages that they were made of, whatever pieces and frames they come in', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 5 }), lengths, (messages, cuts) => {
        const bytes = Buffer.concat(messages.flatMap((sent) => framesOf(sent, from)));
        expect(ours(cut(bytes, cuts), from, false)).toEqual(messages.flatMap(understood));
      }),
    );
  });

  test('mean the same at every place where one read may end', () => {
    const sent: Message = {
      isBinary: false,
      parts: [
        { bytes: Buffer.from('a'.repeat(130)), pings: [Buffer.from('ping')] },
        { bytes: Buffer.from('é€😀'), pings: [Buffer.alloc(0)] },
      ],
    };
    const bytes = Buffer.concat([...framesOf(sent, from), frame(FINAL | opcodes.close, Buffer.from([0x0f, 0xa0, 0x6f, 0x6b]), from)]);
    const whole = [...understood(sent), ['close', 4000, 'ok']];
    for (let at = 1; at < bytes.length; at++) expect(ours([bytes.subarray(0, at), bytes.subarray(at)], from)).toEqual(whole);
    expect(ours(cut(bytes, [1]), from)).toEqual(whole);
  });

  test('with any byte changed, and in any order of frames, mean what the ws package makes of them', async () => {
    const anyFrame = fc
      .tuple(fc.boolean(), fc.constantFrom(0, 1, 1, 2, 8, 9, 10, 3, 11), payload)
      .map(([final, opcode, bytes]) => frame((final ? FINAL : 0) | opcode, bytes, from));
    const frames = fc.oneof(
      fc.array(message, { maxLength: 3 }).map((messages) => messages.flatMap((sent) => framesOf(sent, from))),
      fc.array(anyFrame, { maxLength: 6 }),
    );
    const change = fc.tuple(fc.nat(), fc.nat({ max: 255 }));
    await fc.assert(
      fc.asyncProperty(frames, fc.array(change, { maxLength: 3 }), lengths, async (sent, changes, cuts) => {
        const bytes = Buffer.concat(sent);
        for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
        const pieces = cut(bytes, cuts);
        expect(ours(pieces, from)).toEqual(await theirs(pieces, from));
      }),
      { numRuns: 1_000 },
    );
  });

  const long = (length: bigint) => {
    const header = Buffer.alloc(from === 'client' ? 14 : 10);
    header[0] = FINAL | opcodes.text;
    header[1] = (from === 'client' ? 0x80 : 0) | 127;
    header.writeBigUInt64BE(length, 2);
    return header;
  };
  const half = Buffer.alloc(LARGEST / 2 + 1, 'x');
  test.each<readonly [string, Buffer, number]>([
    ['a reserved bit', frame(FINAL | 0x40 | opcodes.text, half, from), 1002],
    ['a kind that is not defined', frame(FINAL | 3, half, from), 1002],
    ['a control frame that is not defined', frame(FINAL | 11, Buffer.alloc(0), from), 1002],
    ['a ping in several frames', frame(opcodes.ping, Buffer.alloc(0), from), 1002],
    ['a ping of 126 bytes', frame(FINAL | opcodes.ping, Buffer.alloc(126), from), 1002],
    ['a continuation of nothing', frame(FINAL | opcodes.continuation, half, from), 1002],
    ['a message inside another', Buffer.concat([frame(opcodes.text, half, from), frame(FINAL | opcodes.text, half, from)]), 1002],
    ['frames of the other side', frame(FINAL | opcodes.text, half, from === 'client' ? 'server' : 'client'), 1002],
    ['a close frame of one byte', frame(FINAL | opcodes.close, Buffer.from([3]), from), 1002],
    ...[0, 999, 1004, 1005, 1006, 1015, 2999, 5000].map(
      (code) => [`a close frame with code ${code}`, frame(FINAL | opcodes.close, Buffer.from([code >> 8, code & 0xff]), from), 1002] as const,
    ),
    ['a close reason that is no text', frame(FINAL | opcodes.close, Buffer.from([0x03, 0xe8, 0xff]), from), 1007],
    ['a message that is too long', frame(FINAL | opcodes.binary, Buffer.alloc(LARGEST + 1), from), 1009],
    ['frames that are too long together', Buffer.concat([frame(opcodes.text, half, from), frame(FINAL | opcodes.continuation, half, from)]), 1009],
    ['a length of 2^53 bytes', long(2n ** 53n), 1009],
    ['a length of 2^64 - 1 bytes', long(2n ** 64n - 1n), 1009],
  ])('%s ends it', (_what, bytes, code) => {
    for (const pieces of [[bytes], cut(bytes, [1])]) expect(ours(pieces, from)).toEqual([['error', code]]);
  });

  test('after a close frame mean nothing', () => {
    const bytes = Buffer.concat([frame(FINAL | opcodes.close, Buffer.alloc(0), from), Buffer.from([0xff, 0xff, 0xff])]);
    expect(ours([bytes, bytes], from)).toEqual([['close', 1005, '']]);
  });
});

test('text of a client that is not UTF-8 ends it, also where only the frames together show it; that of a server is taken as it is', () => {
  const [start, end] = [Buffer.from([0xe2, 0x82]), Buffer.from([0xac])];
  const split = (last: Buffer, from: Side) => Buffer.concat([frame(opcodes.text, start, from), frame(FINAL | opcodes.continuation, last, from)]);
  expect(ours([split(end, 'client')], 'client')).toEqual([['text', '\xe2\x82\xac']]);
  expect(ours([split(Buffer.from('a'), 'client')], 'client')).toEqual([['error', 1007]]);
  expect(ours([frame(FINAL | opcodes.text, start, 'client')], 'client')).toEqual([['error', 1007]]);
  expect(ours([frame(FINAL | opcodes.text, start, 'server')], 'server')).toEqual([['text', '\xe2\x82']]);
});

test('a message in frames of a byte costs the room of a message', () => {
  const bytes = Array.from({ length: LARGEST }, (_, index) =>
    frame((index === LARGEST - 1 ? FINAL : 0) | (index === 0 ? opcodes.text : 0), Buffer.from('x'), 'client'),
  );
  expect(ours([Buffer.concat(bytes)], 'client')).toEqual([['text', 'x'.repeat(LARGEST)]]);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as ws from 'ws';
import { maskedTextFrame, textFrame } from '../../src/kit/websocket-frame.ts';

interface FrameReader extends NodeJS.EventEmitter {
  write(piece: Buffer): void;
  end(): void;
}

/** Parts of the package that it exports and does not describe. */
const { Receiver, Sender } = ws as unknown as {
  Receiver: new (options: { isServer: boolean; maxPayload: number }) => FrameReader;
  Sender: { frame(data: Buffer, options: { fin: boolean; opcode: number; mask: boolean; readOnly: boolean; rsv1: boolean }): Buffer[] };
};

const ways = [
  { name: 'a server', isServer: false, make: textFrame },
  { name: 'a client', isServer: true, make: maskedTextFrame },
] as const;

const part = fc.string({ unit: 'grapheme', maxLength: 200 }).map((text) => Buffer.from(text.toWellFormed()));
const parts = fc.tuple(part, part, part);

/** What the `ws` package understands of these bytes when they come in pieces of a length. */
async function understood(bytes: Buffer, isServer: boolean, pieceLength: number): Promise<string[]> {
  const receiver = new Receiver({ isServer, maxPayload: 1 << 20 });
  const messages: string[] = [];
  receiver.on('message', (data: Buffer, isBinary: boolean) => messages.push(isBinary ? 'binary' : data.toString()));
  const done = new Promise((resolve, reject) => receiver.once('error', reject).once('finish', resolve));
  for (let at = 0; at < bytes.length; at += pieceLength) receiver.write(Buffer.from(bytes.subarray(at, at + pieceLength)));
  receiver.end();
  await done;
  return messages;
}

describe.each(ways)('frames of $name', ({ isServer, make }) => {
  test('are read as the texts that they were made of', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(parts, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 700 }), async (texts, pieceLength) => {
        const frames = texts.map(([start, middle, end]) => make(start, middle, end));
        expect(await understood(Buffer.concat(frames), isServer, pieceLength)).toEqual(texts.map((text) => Buffer.concat(text).toString()));
      }),
    );
  });

  test.each([0, 1, 124, 125, 126, 127, 128, 65_535, 65_536, 70_000])('of %i bytes are read as such', async (length) => {
    const middle = Buffer.alloc(length, 'abcdefg');
    const frame = make(Buffer.alloc(0), middle, Buffer.alloc(0));
    expect(await understood(frame, isServer, frame.length)).toEqual([middle.toString()]);
  });
});

test('a frame of a server is byte for byte the one that the ws package writes', () => {
  fc.assert(
    fc.property(parts, ([start, middle, end]) => {
      const options = { fin: true, opcode: 1, mask: false, readOnly: true, rsv1: false };
      const written = Buffer.concat(Sender.frame(Buffer.concat([start, middle, end]), options));
      expect(textFrame(start, middle, end).equals(written)).toBe(true);
    }),
  );
});

test('frames that are made one after another keep what they hold, and no key is used twice in a row', () => {
  const make = () => maskedTextFrame(Buffer.from('{'), Buffer.alloc(300, 'a'), Buffer.from('}'));
  const frames = Array.from({ length: 3_000 }, make);
  const copies = frames.map((frame) => frame.toString('hex'));
  make();
  expect(frames.map((frame) => frame.toString('hex'))).toEqual(copies);
  const masks = frames.map((frame) => frame.readUInt32BE(4));
  expect(masks.some((key, index) => key === masks[index + 1])).toBe(false);
});

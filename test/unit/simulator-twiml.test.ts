import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Playout } from '../../src/simulator/carrier/playout.ts';
import { sign } from '../../src/simulator/carrier/signature.ts';
import { parseTwiml, TwimlError } from '../../src/simulator/carrier/twiml.ts';
import { parseXml } from '../../src/simulator/carrier/xml.ts';

describe('call instructions', () => {
  test('verbs come out in order, with their parameters', () => {
    const { verbs, warnings } = parseTwiml(`<?xml version="1.0" encoding="UTF-8"?>
      <!-- answered -->
      <Response>
        <Say voice="alice">One &amp; two</Say>
        <Pause length="2"/>
        <Connect><Stream url="wss://media.example.com/x" name="s"><Parameter name="token" value="a&quot;b"/></Stream></Connect>
        <Gather input="dtmf" numDigits="1" action="/key"><Say>Press 1</Say><Pause length="2"/></Gather>
        <Dial callerId="+12025550100" timeout="20" action="/done"><Number url="/offer" statusCallback="/told" statusCallbackEvent="answered">+12025550142</Number></Dial>
        <Redirect method="POST">https://example.com/next?a=1&amp;b=2</Redirect>
        <Hangup/>
      </Response>`);
    expect(warnings).toEqual([]);
    expect(verbs).toEqual([
      { type: 'say', text: 'One & two' },
      { type: 'pause', seconds: 2 },
      { type: 'stream', url: 'wss://media.example.com/x', parameters: { token: 'a"b' }, name: 's' },
      {
        type: 'gather',
        speech: false,
        keys: true,
        action: '/key',
        method: 'POST',
        seconds: 5,
        mostKeys: 1,
        finishOnKey: '#',
        asksWithoutResult: false,
        prompts: ['Press 1', 2_000],
      },
      {
        type: 'dial',
        number: '+12025550142',
        callerId: '+12025550100',
        action: '/done',
        method: 'POST',
        ringSeconds: 20,
        maximumSeconds: 14_400,
        instructions: { url: '/offer', method: 'POST' },
        status: { url: '/told', events: ['answered'] },
      },
      { type: 'redirect', url: 'https://example.com/next?a=1&b=2', method: 'POST' },
      { type: 'hangup' },
    ]);
  });

  test.each(['', '  \n', '<Response/>', '<Response></Response>'])('%j is empty: the call is hung up', (source) => {
    expect(parseTwiml(source)).toEqual({ verbs: [], warnings: [] });
  });

  test.each([
    ['<Response><Dance/></Response>', '<Dance> is no verb'],
    ['<Response><Pause long="1"/></Response>', 'has no attribute long'],
    ['<Response><Pause length="soon"/></Response>', 'whole number'],
    ['<Response><Connect><Say>x</Say></Connect></Response>', 'holds one <Stream>'],
    [`<Response><Connect><Stream url="wss://a"><Parameter name="t" value="${'x'.repeat(500)}"/></Stream></Connect></Response>`, 'longer than 500'],
  ])('%s is passed over with a warning', (source, warning) => {
    expect(parseTwiml(source).warnings).toEqual([expect.stringContaining(warning)]);
  });

  test.each([
    '<Response>',
    '<Response></Reply>',
    '<Answer/>',
    'hello',
    '<Response/><Response/>',
    '<Response>&nope;</Response>',
    '<Response a="1" a="2"/>',
    `<Response>${' '.repeat(70_000)}</Response>`,
  ])('%s cannot be used', (source) => expect(() => parseTwiml(source)).toThrow(TwimlError));

  test('any text comes back out of XML', () => {
    const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, value) => {
        const element = parseXml(`<a b="${escaped(value)}">${escaped(text)}</a>`);
        expect([element.text, element.attributes.b]).toEqual([text, value]);
      }),
    );
  });
});

test('a form request is signed as the vendor documents it', () => {
  // The example of the vendor's security page.
  const form = new URLSearchParams({ CallSid: 'CA1234567890ABCDE', Caller: '+12349013030', Digits: '1234', From: '+12349013030', To: '+18005551212' });
  expect(sign('12345', 'https://mycompany.com/myapp.php?foo=1&bar=2', form)).toBe('0/KCTR6DLpKmkAf8muzZqo1nDgQ=');
  expect(sign('12345', 'https://mycompany.com/myapp.php?foo=1&bar=2#rc=3', form)).toBe('0/KCTR6DLpKmkAf8muzZqo1nDgQ=');
  const repeated = new URLSearchParams([
    ['b', '2'],
    ['b', '1'],
    ['b', '2'],
    ['a', 'x'],
  ]);
  expect(sign('t', 'https://a/', repeated)).toBe(
    sign(
      't',
      'https://a/',
      new URLSearchParams([
        ['a', 'x'],
        ['b', '1'],
        ['b', '2'],
      ]),
    ),
  );
});

describe('what the carrier plays', () => {
  test('every byte is played once and in order, whatever the pieces, and marks come when what is before them was played', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)),
      fc.string({ minLength: 1, maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const playout = new Playout();
        for (const item of pieces) typeof item === 'string' ? playout.addMark(item) : playout.addAudio(item);
        const audio = Buffer.concat(pieces.filter((item) => typeof item !== 'string'));
        const played: Buffer[] = [];
        const marks: string[] = [];
        while (playout.queuedBytes > 0) {
          const before = playout.playedBytes;
          const next = playout.next();
          played.push(next.frame.subarray(0, playout.playedBytes - before));
          marks.push(...next.marks);
          expect(next.frame.length).toBe(160);
        }
        marks.push(...playout.takeDueMarks());
        expect(Buffer.concat(played).equals(audio)).toBe(true);
        expect(marks).toEqual(pieces.filter((item) => typeof item === 'string'));
        expect(playout.playedBytes).toBe(audio.length);
      }),
    );
  });

  test('clear drops what was not played and gives all marks back at once', () => {
    const playout = new Playout();
    playout.addAudio(Buffer.alloc(400, 1));
    playout.addMark('a');
    playout.addAudio(Buffer.alloc(400, 2));
    playout.addMark('b');
    expect(playout.next().marks).toEqual([]);
    expect(playout.clear()).toEqual(['a', 'b']);
    expect([playout.playedBytes, playout.droppedBytes, playout.queuedBytes]).toEqual([160, 640, 0]);
    playout.addAudio(Buffer.alloc(160, 3));
    expect(playout.next().frame).toEqual(Buffer.alloc(160, 3));
  });
});

import { describe, expect, test } from 'vitest';
import { carrierUrls } from '../../src/domain/calls/carrier-urls.ts';
import type { CarrierReply } from '../../src/ports/carrier.ts';
import type { CarrierSpeech } from '../../src/ports/carrier-speech.ts';
import type { CarrierTransfers } from '../../src/ports/carrier-transfers.ts';
import { twilioCarrier } from '../../src/vendors/twilio/carrier.ts';
import { ACCOUNT } from '../support/call-app.ts';
import { twimlProblems } from '../support/twiml-grammar.ts';

const carrier = twilioCarrier({ ...ACCOUNT, apiUrl: null, publicUrl: 'https://voice.example.com', mediaPublicUrl: 'wss://media.example.com' });
const urls = carrierUrls('https://voice.example.com', 'twilio', 'a'.repeat(32));
const transfer = urls.transfer('b'.repeat(32), 1);

/** Words as callers, businesses and models write them. */
const TEXTS = [
  'Hello.',
  'Smith & Sons <3 "quotes" \'and\' more',
  'Grüß Gott 👋 — 日本語',
  ']]><Hangup/>',
  'x'.repeat(3_000),
  'bell\u0007 and null\0',
  'half \ud83d pair',
];
const heard = urls.gather({ step: 'heard', after: 3 });

type Samples<T> = { readonly [K in keyof T as K extends `${string}Reply` ? K : never]: T[K] extends (reply: infer R) => CarrierReply ? readonly R[] : never };

const OWN: Samples<typeof carrier> = {
  connectReply: [{ mediaUrl: 'wss://media.example.com/media/twilio', token: 't'.repeat(490), resumeUrl: urls.resume(1, 0) }],
  waitReply: [0, 0.4, 1, 5].map((seconds) => ({ seconds, resumeUrl: urls.resume(2, 1) })),
  hangUpReply: [undefined, ...TEXTS.map((say) => ({ say, language: 'en-US' }))],
};
const SPEECH: Samples<CarrierSpeech> = {
  listenReply: [null, ...TEXTS].map((text) => ({
    say: text === null ? null : { text, language: 'de' },
    language: 'de-DE',
    hints: [...TEXTS, ...Array.from({ length: 200 }, (_, index) => `Name ${index}`)],
    seconds: 5,
    heardUrl: heard,
  })),
  sayReply: [null, ...TEXTS].flatMap((text) =>
    [0, 1.5].map((waitSeconds) => ({ say: text === null ? null : { text, language: 'pt-BR' }, waitSeconds, nextUrl: urls.gather({ step: 'next', after: 3 }) })),
  ),
  recordReply: TEXTS.map((text) => ({
    say: { text, language: 'en-US' },
    maximumSeconds: 120,
    recordedUrl: urls.gather({ step: 'recorded', after: 3 }),
    statusUrl: urls.message,
  })),
};
const TRANSFERS: Samples<CarrierTransfers> = {
  transferReply: [null, ...TEXTS].flatMap((say) =>
    [null, transfer.offer].map((offerUrl) => ({
      say: say === null ? null : { say, language: 'en-US' },
      to: '+12025550142',
      callerId: '+12025550100',
      ringSeconds: 25,
      maximumSeconds: 3_600,
      offerUrl,
      answeredUrl: transfer.answered,
      doneUrl: transfer.done,
    })),
  ),
  offerReply: TEXTS.map((say) => ({ say, language: 'en-US', keyUrl: transfer.key, waitSeconds: 10 })),
  joinReply: [undefined as never],
};

const samplesOf = (maker: object, samples: object): [string, string][] =>
  Object.entries(maker)
    .filter(([name, make]) => name.endsWith('Reply') && typeof make === 'function')
    .flatMap(([name, make]) => {
      const inputs: unknown = Object(samples)[name];
      if (!Array.isArray(inputs)) throw new Error(`no sample of ${name}`);
      return inputs.map((input, index): [string, string] => [`${name} ${index + 1}`, make(input).body]);
    });

describe('every document that Twilio can get from us', () => {
  test.each([...samplesOf(carrier, OWN), ...samplesOf(carrier.speech, SPEECH), ...samplesOf(carrier.transfers, TRANSFERS)])('%s is TwiML', (_name, body) => {
    expect(twimlProblems(body)).toEqual([]);
  });

  test('no part of the carrier makes replies of which this does not know', () => {
    const makers = Object.entries(carrier).filter(
      ([, part]) => typeof part === 'object' && part !== null && Object.keys(part).some((name) => name.endsWith('Reply')),
    );
    expect(makers.map(([name]) => name).toSorted()).toEqual(['speech', 'transfers']);
  });
});

describe('the grammar finds', () => {
  test.each([
    ['a verb that there is none', '<Response><Shout>Hi</Shout></Response>', 'no place for'],
    ['an attribute of another verb', '<Response><Say timeout="3">Hi</Say></Response>', 'no attribute'],
    ['a stream with a query', '<Response><Connect><Stream url="wss://a.example/b?c=1"/></Connect></Response>', 'url cannot be'],
    [
      'a parameter that is too long',
      `<Response><Connect><Stream url="wss://a.example/b"><Parameter name="t" value="${'x'.repeat(499)}"/></Stream></Connect></Response>`,
      '500',
    ],
    ['a sentence without words', '<Response><Say></Say></Response>', 'text'],
    ['what is never reached', '<Response><Hangup/><Say>Hi</Say></Response>', 'never reached'],
    ['an ampersand of its own', '<Response><Say>you & me</Say></Response>', 'entity'],
    ['an element that is not closed', '<Response><Say>Hi</Response>', 'closes nothing'],
    ['a document that is too large', `<Response><Say>${'x'.repeat(70_000)}</Say></Response>`, '64 KB'],
  ])('%s', (_what, source, problem) => {
    expect(twimlProblems(source).join()).toContain(problem);
  });
});

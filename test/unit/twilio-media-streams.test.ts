import { describe, expect, test } from 'vitest';
import { CarrierProtocolError, type CarrierStreamStart } from '../../src/ports/carrier-protocol.ts';
import { twilioMediaStreams } from '../../src/vendors/twilio/media-streams.ts';

const START =
  '{"event":"start","sequenceNumber":"1","start":{"accountSid":"AC1","streamSid":"MZ1","callSid":"CA1","tracks":["inbound"],"mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1},"customParameters":{"token":"secret"}},"streamSid":"MZ1"}';
const MEDIA = '{"event":"media","sequenceNumber":"4","media":{"track":"inbound","chunk":"2","timestamp":"20","payload":"//9+fn8="},"streamSid":"MZ1"}';

function open() {
  const heard: { started: CarrierStreamStart[]; audio: string[]; marks: string[]; digits: string[]; stopped: number } = {
    started: [],
    audio: [],
    marks: [],
    digits: [],
    stopped: 0,
  };
  const stream = twilioMediaStreams.open({
    started: (start) => heard.started.push(start),
    audio: (base64) => heard.audio.push(base64.toString()),
    mark: (name) => heard.marks.push(name),
    digit: (digit) => heard.digits.push(digit),
    stopped: () => heard.stopped++,
  });
  return { heard, stream, read: (...frames: string[]) => frames.forEach((frame) => stream.read(Buffer.from(frame), false)) };
}

test('a stream tells who it is, then audio, marks, digits and its end', () => {
  const { heard, read } = open();
  read('{"event":"connected","protocol":"Call","version":"1.0.0"}', START, MEDIA);
  read('{"event":"mark","sequenceNumber":"5","streamSid":"MZ1","mark":{"name":"0:400"}}');
  read('{"event":"dtmf","streamSid":"MZ1","sequenceNumber":"6","dtmf":{"track":"inbound_track","digit":"9"}}');
  read('{"event":"stop","sequenceNumber":"7","streamSid":"MZ1","stop":{"accountSid":"AC1","callSid":"CA1"}}');
  expect(heard).toEqual({
    started: [{ streamId: 'MZ1', carrierCallId: 'CA1', token: 'secret' }],
    audio: ['//9+fn8='],
    marks: ['0:400'],
    digits: ['9'],
    stopped: 1,
  });
});

test.each([
  ['keys in another order', '{"streamSid":"MZ1","media":{"payload":"AAEC","track":"inbound"},"event":"media"}', 'AAEC'],
  ['escaped slashes', '{"event":"media","media":{"payload":"\\/\\/8="},"streamSid":"MZ1"}', '//8='],
])('audio with %s is understood too', (_what, frame, expected) => {
  const { heard, read } = open();
  read(START, frame);
  expect(heard.audio).toEqual([expected]);
});

test('a stream that sent no token is told apart by an empty one', () => {
  const { heard, read } = open();
  read(START.replace('"customParameters":{"token":"secret"}', '"customParameters":{}'));
  expect(heard.started[0]?.token).toBe('');
});

test('a kind of message that is not known yet is passed over', () => {
  const { heard, read } = open();
  read(START, '{"event":"weather","streamSid":"MZ1"}');
  expect(heard.audio).toEqual([]);
});

describe('what is not of the protocol is an error of the peer', () => {
  test.each([
    ['media before start', [MEDIA]],
    ['media in another order before start', ['{"media":{"payload":"AAEC"},"event":"media"}']],
    ['a mark before start', ['{"event":"mark","mark":{"name":"a"}}']],
    ['a second start', [START, START]],
    ['no JSON', ['hello']],
    ['an empty frame', ['']],
    ['a number', ['7']],
    ['an array', ['[1]']],
    ['null', ['null']],
    ['a start without a call', ['{"event":"start","streamSid":"MZ1","start":{}}']],
    ['another codec', [START.replace('audio/x-mulaw', 'audio/l16')]],
    ['a payload that is no base64', [START, '{"media":{"payload":"§§"},"event":"media"}']],
    ['a payload that never ends', [START, '{"event":"media","media":{"payload":"AAEC']],
  ])('%s', (_what, frames) => {
    expect(() => open().read(...frames)).toThrow(CarrierProtocolError);
  });

  test('a binary frame', () => {
    expect(() => open().stream.read(Buffer.from(MEDIA), true)).toThrow(CarrierProtocolError);
  });
});

test('what is said to the carrier is in its words', () => {
  const { stream, read } = open();
  read(START);
  expect(Buffer.concat([stream.audioStart, Buffer.from('//9+'), stream.audioEnd]).toString()).toBe(
    '{"event":"media","streamSid":"MZ1","media":{"payload":"//9+"}}',
  );
  expect(JSON.parse(stream.mark('0:400'))).toEqual({ event: 'mark', streamSid: 'MZ1', mark: { name: '0:400' } });
  expect(JSON.parse(stream.clear())).toEqual({ event: 'clear', streamSid: 'MZ1' });
});

import { expect, test } from 'vitest';
import { createLogger } from '../../src/kit/logger.ts';

function capture(level: Parameters<typeof createLogger>[0]) {
  const lines: string[] = [];
  const logger = createLogger(level, { service: 'api' }, { write: (line) => lines.push(line) });
  return { logger, first: () => JSON.parse(lines[0] ?? '{}') };
}

test('a line is JSON with its level, its time and the names it was given', () => {
  const { logger, first } = capture('info');
  logger.info({ requestId: 'r1', callId: 'c1' }, 'answered');
  expect(first()).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    service: 'api',
    requestId: 'r1',
    callId: 'c1',
    msg: 'answered',
  });
});

test('secrets are never written, at any level and however deep a request carries them', () => {
  const { logger, first } = capture('trace');
  logger.trace({ password: 'p', user: { passwordHash: 'h', email: 'a@b.c' }, request: { headers: { authorization: 'Bearer x', cookie: 'y', host: 'z' } } });
  expect(first()).toMatchObject({
    password: '[redacted]',
    user: { passwordHash: '[redacted]', email: 'a@b.c' },
    request: { headers: { authorization: '[redacted]', cookie: '[redacted]', host: 'z' } },
  });
});

test('what people said is written only for somebody who asked for debug', () => {
  const spoken = { turn: { text: 'My address is …', heardText: 'My' }, tool: { arguments: '{}', result: '{}' } };
  const info = capture('info');
  info.logger.info(spoken);
  expect(info.first()).toMatchObject({ turn: { text: '[redacted]', heardText: '[redacted]' }, tool: { arguments: '[redacted]', result: '[redacted]' } });
  const debug = capture('debug');
  debug.logger.debug(spoken);
  expect(debug.first()).toMatchObject(spoken);
});

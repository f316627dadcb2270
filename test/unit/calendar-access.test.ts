import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectDatabase } from '../../src/db/client.ts';
import { tenantDb } from '../../src/db/tenant.ts';
import { sealContext, withAccess } from '../../src/domain/bookings/calendar/calendar-access.ts';
import { createClock } from '../../src/kit/clock.ts';
import { createSealer } from '../../src/kit/seal.ts';
import { DAY, HOUR } from '../../src/kit/time.ts';
import { CalendarUnreachable, ConsentLost } from '../../src/ports/calendar.ts';
import { googleCalendar } from '../../src/vendors/google/calendar.ts';
import { type CalendarTestApp, calendarApp } from '../support/calendar-app.ts';
import { googleOptions } from '../support/google-options.ts';
import { SECRET } from '../support/worker-parts.ts';

let app: CalendarTestApp;
beforeEach(async () => {
  app = await calendarApp();
  await app.connect();
});
afterEach(async () => {
  expect(app.twin.violations()).toEqual([]);
  await app[Symbol.asyncDispose]();
});

const week = () => ({ from: app.clock.now(), to: new Date(app.clock.now().getTime() + 7 * DAY) });
const look = async (given = app) => withAccess(given, (await app.link()).id, (access) => given.calendar.freeBusy(access, week()));

test('a token is used for as long as it is good, and renewed before it runs out', async () => {
  await look();
  expect(app.twin.oauth.refreshes).toBe(0);
  app.clock.advance(HOUR - 30_000);
  await look();
  await look();
  expect(app.twin.oauth.refreshes).toBe(1);
});

test('two processes that need a new token at once have it renewed once', async () => {
  app.clock.advance(2 * HOUR);
  await using other = connectDatabase(app.database.url, 5);
  const second = { ...app, db: tenantDb(other.root, app.workspaceId), calendar: googleCalendar({ ...googleOptions(app.twin), clock: createClock(100) }) };
  const asked = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  app.twin.script('token', { type: 'wait', asked: asked.resolve, until: go.promise });
  const looks = [look(), look(), look(second), look(second)];
  await asked.promise;
  go.resolve();
  await Promise.all(looks);
  expect(app.twin.oauth.refreshes).toBe(1);
  expect((await app.link()).tokenVersion).toBe(2);
});

test('a token that Google refuses before its time is renewed, and the request repeated', async () => {
  app.twin.oauth.expireTokens();
  await look();
  expect(app.twin.oauth.refreshes).toBe(1);
});

test('where Google’s clock is two hours ahead of ours, every token is refused at first sight, and works while it is young', async () => {
  app.twin.skewMs = 2 * HOUR;
  await look();
  await look();
  expect(app.twin.oauth.refreshes).toBe(1);
});

test('a token that is refused as soon as it is given is no consent', async () => {
  app.twin.script('freebusy.query', { type: 'refuse', status: 401, reason: 'authError' }, { type: 'refuse', status: 401, reason: 'authError' });
  await expect(look()).rejects.toThrow(ConsentLost);
  expect(app.twin.oauth.refreshes).toBe(1);
});

test('a renewal that fails for now leaves everything as it was', async () => {
  app.clock.advance(2 * HOUR);
  app.twin.script('token', ...Array(3).fill({ type: 'refuse', status: 500, reason: 'internal_failure' }));
  await expect(look()).rejects.toThrow(CalendarUnreachable);
  expect((await app.link()).tokenVersion).toBe(1);
  await look();
  expect(app.twin.oauth.refreshes).toBe(1);
});

test('no token is readable in the database, and none opens in another link’s place', async () => {
  const link = await app.link();
  const refreshToken = app.sealer.open(link.refreshToken, sealContext(link.id, 'refreshToken'));
  expect(refreshToken).toMatch(/^1\/\//);
  expect(JSON.stringify(link)).not.toMatch(/ya29|1\/\//);
  await app.db.calendarLink.updateMany({ data: { accessToken: link.refreshToken } });
  await expect(look()).rejects.toThrow(ConsentLost);
});

test('while the secret key is being replaced, the old one still opens, and the next renewal seals with the new', async () => {
  const next = 'another secret key for tests, 32 characters';
  app.clock.advance(2 * HOUR);
  await look({ ...app, sealer: createSealer([next, SECRET]) });
  await look({ ...app, sealer: createSealer([next]) });
  app.clock.advance(2 * HOUR);
  await look({ ...app, sealer: createSealer([next]) });
  await expect(look({ ...app, sealer: createSealer([SECRET]) })).rejects.toThrow(ConsentLost);
});

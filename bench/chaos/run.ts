/**
 * Many simulated calls at once while everything breaks around them, then a look at what is left: no call stuck, none
 * counted twice, no slot leaked, every transcript whole. The same seed breaks the same things; what that meets depends
 * on the machine. Exit code 1 where something does not hold.
 */
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Caller } from '../../src/simulator/callers/caller.ts';
import { callers } from '../../src/simulator/callers/directory.ts';
import { type Chance, chance } from './chance.ts';
import { examine, type Verdict } from './checks.ts';
import { type Deployment, deploy } from './deployment.ts';
import { Impatient } from './outbound.ts';
import { buildTown } from './town.ts';
import { makePeace, makeTrouble } from './trouble.ts';

const { values } = parseArgs({ options: { calls: { type: 'string' }, seed: { type: 'string' }, 'ramp-seconds': { type: 'string' } } });
const COUNT = Number(values.calls ?? 200);
const SEED = Number(values.seed ?? 1);
const RAMP_MS = Number(values['ramp-seconds'] ?? 20) * 1_000;
const BUSINESSES = 10;
/** One in so many calls is one that we place. */
const OUTBOUND = 5;
/** Whoever has not had enough by then hangs up. */
const LONGEST_CALL_MS = 100_000;
/** The reaper comes by every minute, and waits until a call has not moved for one and a half. */
const SETTLE_MS = 300_000;

const people = callers.filter(({ answers, key }) => answers === 'yes' && !['talks-without-end', 'says-nothing', 'is-called-and-books'].includes(key));

async function main(): Promise<boolean> {
  console.log(`Chaos: ${COUNT} calls, seed ${SEED}, Node ${process.version}, ${os.availableParallelism()} CPUs`);
  await using deployment = await deploy();
  const { database, simulator } = deployment;
  const draw = chance(SEED);
  const town = await buildTown(database.root, BUSINESSES);
  const [home] = town;
  if (!home) throw new Error('an empty town');
  const impatient = await Impatient.register(deployment, home);
  const startedMs = performance.now();

  const stop = new AbortController();
  const trouble = makeTrouble(deployment, chance(SEED + 1), stop.signal);
  const ended: Promise<unknown>[] = [];
  for (let index = 0; index < COUNT; index++) {
    if (index % OUTBOUND === 0) ended.push(impatient.place(`+1202556${String(index).padStart(4, '0')}`));
    else ended.push(simulator.dial({ to: draw.pick(town).line, caller: somebody(draw, index) }).ended);
    await sleep(RAMP_MS / COUNT);
  }
  const most = live(deployment);
  await Promise.all(ended);
  stop.abort();
  const struck = await trouble;
  makePeace(deployment);
  for (const call of simulator.log.carrier.calls) await over(() => call.endedAt !== null, LONGEST_CALL_MS);
  const talkedMs = performance.now() - startedMs;
  const settled = await over(async () => (await unsettled(deployment)) === 0, SETTLE_MS);
  const verdicts = await examine(database, simulator.log, impatient.placed);

  report(deployment, { most, talkedMs, settledMs: performance.now() - startedMs - talkedMs, struck, placed: impatient.placed });
  await outcomes(deployment);
  return judge([
    ...verdicts,
    { what: 'all came to rest in time', checked: 1, violations: settled ? [] : [`${await unsettled(deployment)} calls were still open`] },
  ]);
}

const somebody = (draw: Chance, index: number): Caller => ({
  ...draw.pick(people),
  number: `+1202557${String(index).padStart(4, '0')}`,
  ...(draw.between(0, 9) > 0 ? { hangsUpAfterMs: LONGEST_CALL_MS } : { hangsUpAfterMs: draw.between(500, 20_000) }),
});

const live = ({ simulator }: Deployment) => simulator.log.carrier.calls.filter(({ endedAt }) => endedAt === null).length;

const unsettled = ({ database }: Deployment) =>
  database.root.call.count({ where: { OR: [{ status: { notIn: ['ENDED', 'FAILED'] } }, { bridgeId: { not: null } }] } });

/** @returns whether it came to be within the time. */
async function over(is: () => boolean | Promise<boolean>, withinMs: number): Promise<boolean> {
  for (const until = performance.now() + withinMs; performance.now() < until; await sleep(250)) if (await is()) return true;
  return is();
}

interface Course {
  readonly most: number;
  readonly talkedMs: number;
  readonly settledMs: number;
  readonly struck: ReadonlyMap<string, number>;
  readonly placed: ReadonlyMap<string, string>;
}

function report({ simulator, crashes, redis }: Deployment, { most, talkedMs, settledMs, struck, placed }: Course): void {
  const seconds = (ms: number) => `${Math.round(ms / 1_000)} s`;
  console.log(
    `\n${simulator.log.carrier.calls.length} calls at the carrier, ${most} at once at the most; over after ${seconds(talkedMs)}, at rest ${seconds(settledMs)} later`,
  );
  if (!redis) console.log('No redis-server is installed: the database was the bus.');
  console.log('\nWhat went wrong');
  for (const [name, times] of [...struck].toSorted()) console.log(`  ${String(times).padStart(4)}  ${name}`);
  for (const crash of crashes) console.log(`        ! ${crash} by itself`);
  const asked = Map.groupBy(placed.values(), (word) => word);
  console.log(`\nCalls that we placed, each asked for three times: ${[...asked].map(([word, list]) => `${list.length} ${word}`).join(', ')}`);
}

async function outcomes({ database, simulator }: Deployment): Promise<void> {
  const rows = await database.root.call.groupBy({ by: ['direction', 'outcome', 'endReason', 'engine'], _count: true, orderBy: { _count: { id: 'desc' } } });
  console.log('\nHow they ended');
  for (const row of rows) console.log(`  ${String(row._count).padStart(4)}  ${row.direction.toLowerCase()} ${row.outcome} (${row.endReason}, ${row.engine})`);
  const again = await database.root.call.count({ where: { bridgeCount: { gt: 1 } } });
  const [booked, turns, tools] = await Promise.all([
    database.root.booking.count({ where: { status: 'CONFIRMED' } }),
    database.root.transcriptTurn.count(),
    database.root.toolCall.count(),
  ]);
  console.log(`  ${again} went on with another bridge; ${turns} turns, ${tools} tool calls, ${booked} bookings`);
  const told = Map.groupBy(simulator.log.carrier.notifications, ({ code }) => code);
  console.log(`  the carrier's debugger: ${[...told].map(([code, list]) => `${list.length} × ${code}`).join(', ') || 'nothing'}`);
}

function judge(verdicts: readonly Verdict[]): boolean {
  console.log('\nWhat must hold');
  for (const { what, checked, violations } of verdicts) {
    console.log(`  ${violations.length === 0 ? 'pass' : 'FAIL'}  ${what} (${checked})`);
    for (const line of violations.slice(0, 10)) console.log(`          ${line}`);
    if (violations.length > 10) console.log(`          and ${violations.length - 10} more`);
  }
  return verdicts.every(({ violations }) => violations.length === 0);
}

if (!(await main())) process.exitCode = 1;

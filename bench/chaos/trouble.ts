import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from './chance.ts';
import type { Deployment } from './deployment.ts';

/** Something that goes wrong, and is mended again where it has to be. */
interface Trouble {
  readonly name: string;
  /** How often it is drawn beside the others. */
  readonly weight: number;
  strike(deployment: Deployment, chance: Chance): Promise<void>;
}

const TROUBLES: readonly Trouble[] = [
  {
    name: 'media sockets cut',
    weight: 4,
    strike: async ({ balancer }, chance) => void balancer.cut(chance.between(1, 8)),
  },
  {
    name: 'carrier drops streams',
    weight: 3,
    strike: async ({ simulator }, chance) => void simulator.faults.carrier.breakStreamsAfterMs.push(chance.between(500, 9_000), chance.between(500, 9_000)),
  },
  {
    name: 'model dropped mid-answer',
    weight: 5,
    strike: async ({ simulator }, chance) => void simulator.faults.model.dropAfterMs.push(...Array.from({ length: 4 }, () => chance.between(0, 2_000))),
  },
  {
    name: 'answers fail',
    weight: 3,
    strike: async ({ simulator }, chance) => void simulator.faults.model.failAnswersAfterMs.push(chance.between(0, 1_500), chance.between(0, 1_500)),
  },
  {
    name: 'model refuses connections',
    weight: 2,
    async strike({ simulator }, chance) {
      simulator.faults.model.refuseConnections += chance.between(1, 6);
    },
  },
  {
    name: 'model accepts and says nothing',
    weight: 1,
    async strike({ simulator }) {
      simulator.faults.model.muteConnections += 1;
    },
  },
  {
    name: 'model begins and stops',
    weight: 1,
    async strike({ simulator }) {
      simulator.faults.model.silentAnswers += 1;
    },
  },
  {
    name: 'words not recognised',
    weight: 2,
    async strike({ simulator }, chance) {
      simulator.faults.model.failTranscriptions += chance.between(1, 3);
    },
  },
  {
    name: 'status callbacks lost',
    weight: 3,
    async strike({ simulator }, chance) {
      simulator.faults.carrier.loseCallbacks += chance.between(1, 6);
    },
  },
  {
    name: 'status callbacks twice, in disorder, or neither',
    weight: 3,
    async strike({ simulator }, chance) {
      simulator.faults.carrier.repeatCallbacks = chance.between(0, 1) === 1;
      simulator.faults.carrier.reverseCallbacks = chance.between(0, 1) === 1;
    },
  },
  {
    name: 'carrier API refuses',
    weight: 1,
    async strike({ simulator }, chance) {
      simulator.faults.carrier.refuseRequests += chance.between(1, 3);
    },
  },
  {
    name: 'carrier API loses answers',
    weight: 1,
    async strike({ simulator }) {
      simulator.faults.carrier.loseAnswers += 1;
    },
  },
  {
    name: 'database connections terminated',
    weight: 2,
    strike: async ({ database }) =>
      void (await database.pool.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and random() < 0.6',
      )),
  },
  {
    name: 'bookings locked: slow tools',
    weight: 2,
    async strike({ database }, chance) {
      const client = await database.pool.connect();
      const gone = () => {};
      client.on('error', gone);
      try {
        await client.query('begin');
        await client.query('lock table "Booking" in exclusive mode');
        await sleep(chance.between(1_500, 7_000));
        await client.query('rollback');
        client.release();
      } catch {
        // Terminated by another trouble: the lock went with the connection.
        client.release(true);
      } finally {
        client.off('error', gone);
      }
    },
  },
  {
    name: 'bridge killed (kill -9)',
    weight: 2,
    async strike(deployment, chance) {
      const name = chance.pick(['media-1', 'media-2'] as const);
      await deployment.kill(name);
      await sleep(chance.between(200, 1_500));
      await deployment.start(name);
    },
  },
  {
    name: 'worker killed (kill -9)',
    weight: 1,
    async strike(deployment) {
      await deployment.kill('worker');
      await deployment.start('worker');
    },
  },
  {
    name: 'Redis restarted',
    weight: 1,
    async strike({ redis }, chance) {
      if (!redis) return;
      await redis.kill();
      await sleep(chance.between(500, 4_000));
      await redis.start();
    },
  },
];

/** Lets something go wrong every now and then until told to stop; every kind at least once, where there is the time. @returns how often what did. */
export async function makeTrouble(deployment: Deployment, chance: Chance, stop: AbortSignal): Promise<Map<string, number>> {
  const done = new Map<string, number>();
  const drawn = TROUBLES.flatMap((trouble) => Array<Trouble>(trouble.weight).fill(trouble));
  const first = TROUBLES.toSorted(() => chance.between(0, 1) - 0.5);
  while (!stop.aborted) {
    const trouble = first.pop() ?? chance.pick(drawn);
    done.set(trouble.name, (done.get(trouble.name) ?? 0) + 1);
    await trouble.strike(deployment, chance);
    await sleep(chance.between(200, 1_200), undefined, { signal: stop }).catch(() => {});
  }
  return done;
}

/** From here on all is well, for what has gone wrong to be mended. */
export function makePeace({ simulator: { faults } }: Deployment): void {
  Object.assign(faults.carrier, { refuseRequests: 0, loseAnswers: 0, loseCallbacks: 0, repeatCallbacks: false, reverseCallbacks: false });
  Object.assign(faults.model, { refuseConnections: 0, muteConnections: 0, silentAnswers: 0, failTranscriptions: 0 });
  for (const list of [faults.carrier.breakStreamsAfterMs, faults.model.dropAfterMs, faults.model.failAnswersAfterMs]) list.length = 0;
}

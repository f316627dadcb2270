/** Measures bridges between a carrier and a realtime model side by side; README.md says what, how and why. */
import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { combine, type Sample } from './account.ts';
import { Remote } from './channel.ts';
import { callgraphContestant } from './contestants/callgraph.ts';
import type { Contestant, Ground } from './contestants/contestant.ts';
import { scriptContestant } from './contestants/script.ts';
import { startServices } from './contestants/services.ts';
import type { CarrierApi } from './fakes/carrier.ts';
import type { ModelApi } from './fakes/model.ts';
import { type Harness, measure } from './measure.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { pin, pinning, spawnPinned, stop } from './processes.ts';
import { levelReport } from './report.ts';

const OURS = 'callgraph';

async function main(options: Options): Promise<void> {
  await using resources = new AsyncDisposableStack();
  const { 'harness-cpu': harnessCpu, 'bridge-cpu': bridgeCpu, rounds, levels } = options;
  pin(process.pid, harnessCpu);
  const fake = (file: string): ChildProcess => {
    const args = ['--max-semi-space-size=32', path.join(import.meta.dirname, 'fakes', file)];
    const child = spawnPinned(harnessCpu, process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], serialization: 'advanced' });
    resources.defer(() => stop(child));
    return child;
  };
  const services = options.bridges.includes(OURS) ? resources.use(await startServices(harnessCpu, freePort)) : null;
  const model = new Remote<ModelApi>(fake('model.ts'));
  const carrier = new Remote<CarrierApi>(fake('carrier.ts'));
  await Promise.all([model.ready, carrier.ready]);
  const modelPort = await model.call('listen', undefined);
  const harness: Harness = {
    carrier,
    model,
    modelOptions: {
      openMs: options['open-ms'],
      configureMs: 20,
      thinkMs: 300,
      answerMs: 5_000,
      deltaMs: 200,
      speeds: [1.5, 4, 4],
      lateDeltas: options['late-deltas'],
      lateEveryMs: 20,
    },
    neighbours: services?.neighbours ?? [],
  };
  const ground = async (): Promise<Ground> => ({
    port: await freePort(),
    modelUrl: `ws://127.0.0.1:${modelPort}/v1/realtime?model=gpt-realtime`,
    bridgeCpu,
    accountSid: `AC${'0'.repeat(32)}`,
    authToken: 'bench-auth-token',
  });
  const flags = options['node-flags']?.split(' ') ?? [];
  const contestants = options.bridges.map((name): Contestant => {
    return name === OURS && services ? callgraphContestant(services, { entry: options.entry, nodeFlags: flags }) : scriptContestant(name, '/media-stream');
  });

  console.log(`Node ${process.version} on ${os.cpus()[0]?.model ?? 'an unknown CPU'}; ${pinning(harnessCpu, bridgeCpu)}`);
  console.log(`${rounds} rounds of ${options.seconds} s; the model takes ${options['open-ms']} ms to open, ${options['late-deltas']} late delta(s)`);
  const samples: Sample[] = [];
  const timing = { windowMs: options.seconds * 1_000, settleMs: 10_000, dialEveryMs: 8 };
  for (let round = 1; round <= rounds; round++) {
    for (const calls of levels) {
      for (const contestant of round % 2 === 1 ? contestants : contestants.toReversed()) {
        console.error(`round ${round}: ${contestant.name}, ${calls} calls`);
        samples.push(await measure(harness, contestant, await ground(), options.pattern, calls, timing));
      }
    }
  }
  for (const calls of levels) {
    const level = contestants.map(({ name }) => combine(samples.filter((sample) => sample.bridge === name && sample.calls === calls)));
    console.log(levelReport(level, OURS));
  }
  if (options.json)
    fs.writeFileSync(
      options.json,
      JSON.stringify({ node: process.version, options, samples }, (_key, value) => plain(value), 1),
    );
}

/** Typed arrays as plain ones, so that a reader of the JSON can merge the histograms. */
const plain = (value: unknown) => (value instanceof Uint32Array ? [...value] : value);

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const options = readOptions(process.argv.slice(2));
if (options === 'help') console.log(HELP);
else await main(options);

import { type ChildProcess, spawn } from 'node:child_process';
import { expect, test } from 'vitest';

const LIFECYCLE = new URL('../../src/kit/lifecycle.ts', import.meta.url).href;
const LOGGER = new URL('../../src/kit/logger.ts', import.meta.url).href;
const ERRORS = new URL('../../src/kit/errors.ts', import.meta.url).href;

/** A process whose `start` is this code; waits for the line 'up' unless it ends before. */
async function run(body: string) {
  const program = `
    import { runProcess } from '${LIFECYCLE}';
    import { createLogger } from '${LOGGER}';
    import { StartError } from '${ERRORS}';
    const logger = createLogger('info');
    const hold = setInterval(() => {}, 1000);
    await runProcess(async (stopping) => { ${body} });`;
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const up = new Promise<void>((resolve) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('up\n')) resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  await Promise.race([up, ended]);
  return { child, ended, output: () => output };
}

const RUNNING = `console.log('up'); return { logger, async [Symbol.asyncDispose]() { console.log('disposed, told: ' + stopping.aborted); } };`;

test.each(['SIGTERM', 'SIGINT'] as const)('%s disposes of what runs and ends with 0', async (signal) => {
  const { child, ended, output } = await run(RUNNING);
  child.kill(signal);
  expect(await ended).toBe(0);
  expect(output()).toContain('disposed, told: true');
});

test('the same signal twice at once is one wish; a later one forces the end', async () => {
  const { child, ended, output } = await run(`console.log('up'); return { logger, [Symbol.asyncDispose]: () => new Promise(() => {}) };`);
  child.kill('SIGINT');
  child.kill('SIGINT');
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(child.exitCode).toBe(null);
  child.kill('SIGINT');
  expect(await ended).toBe(1);
  expect(output()).toContain('stopping');
});

test('a rejection that nobody handled is logged and ends the process with 1', async () => {
  const { ended, output } = await run(`setTimeout(() => Promise.reject(new Error('stray')), 10); ${RUNNING}`);
  expect(await ended).toBe(1);
  expect(output()).toContain('"level":"fatal"');
  expect(output()).toContain('stray');
});

test('a process that cannot start says why in one line, without a stack, and ends with 1', async () => {
  const { ended, output } = await run(`throw new StartError('DATABASE_URL: required in production');`);
  expect(await ended).toBe(1);
  expect(output()).toBe('DATABASE_URL: required in production\n');
});

test('a process told to stop while it starts is disposed of once it is up', async () => {
  const { child, ended, output } = await run(`console.log('up'); await new Promise((resolve) => setTimeout(resolve, 300)); ${RUNNING}`);
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(output()).toContain('disposed');
});

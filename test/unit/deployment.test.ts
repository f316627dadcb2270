import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import manifest from '../../package.json' with { type: 'json' };
import { resolveConfig } from '../../src/config/config.ts';
import { readEnvironment, VARIABLES } from '../../src/config/env.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const read = (name: string) => fs.readFileSync(path.join(REPOSITORY, name), 'utf8');

const service = z.object({
  image: z.string(),
  build: z.object({ context: z.string(), dockerfile: z.string() }).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
});
const compose = z
  .object({ services: z.record(z.string(), service), volumes: z.record(z.string(), z.null()) })
  .parse(parse(read('docker-compose.yml'), { merge: true }));

const processOf = (name: string) => {
  const found = compose.services[name];
  if (!found) throw new Error(`docker-compose.yml has no ${name}`);
  return found;
};

/** What compose makes of `${NAME:-default}` and `${NAME:?message}` when these are set. */
const SET: Record<string, string> = { SECRET_KEY: 'k'.repeat(32), POSTGRES_PASSWORD: 'p', OPENAI_API_KEY: 'o' };
const interpolate = (text: string) => text.replace(/\$\{(\w+)(?::[-?]([^}]*))?\}/g, (_, name: string, fallback = '') => SET[name] ?? fallback);

const PROCESSES = [
  { name: 'api', port: 4000, setting: 'PORT' },
  { name: 'media', port: 4100, setting: 'MEDIA_PORT' },
  { name: 'worker', port: 4200, setting: 'WORKER_PORT' },
] as const;

test('a deployment is Postgres, Redis, Qdrant, the migrations and the three processes', () => {
  expect(Object.keys(compose.services).toSorted()).toEqual(['api', 'media', 'migrate', 'postgres', 'qdrant', 'redis', 'worker']);
});

test.each(PROCESSES)('the $name process runs from the one image and says on $port whether it is ready', ({ name, port, setting }) => {
  const found = processOf(name);
  expect(found.build).toEqual({ context: '.', dockerfile: '.docker/Dockerfile' });
  expect(`exec ${found.command?.join(' ')}`, 'started as by npm').toBe(manifest.scripts[`start:${name}`]);
  expect(found.command?.at(-1)).toBe(`src/${name}.ts`);
  expect(fs.existsSync(path.join(REPOSITORY, `src/${name}.ts`))).toBe(true);
  expect(found.environment[setting]).toBe(String(port));
  expect(found.healthcheck?.test.join(' ')).toContain(`http://127.0.0.1:${port}/ready`);
  for (const published of found.ports) expect(published).toBe(`${port}:${port}`);
  expect(found.depends_on).toMatchObject({
    migrate: { condition: 'service_completed_successfully' },
    postgres: { condition: 'service_healthy' },
    redis: { condition: 'service_healthy' },
  });
});

test.each([...PROCESSES.map(({ name }) => name), 'migrate'])(
  'the settings of %s are ones that the program reads, and make a production configuration',
  (name) => {
    const { environment } = processOf(name);
    expect(Object.keys(environment).filter((variable) => !VARIABLES.includes(variable))).toEqual([]);
    const config = resolveConfig(readEnvironment(Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, interpolate(value)]))));
    expect(config).toMatchObject({ production: true, ports: { api: 4000, media: 4100, worker: 4200 }, redisUrl: 'redis://redis:6379' });
    const database = new URL(config.databaseUrl ?? '');
    expect([database.hostname, database.username, database.pathname]).toEqual(['postgres', processOf('postgres').environment.POSTGRES_USER, '/callgraph']);
  },
);

test('whatever keeps data keeps it in a named volume, and each of those is declared', () => {
  const used = Object.values(compose.services).flatMap(({ volumes }) => volumes.map((volume) => volume.split(':')[0]));
  expect(used.toSorted()).toEqual(Object.keys(compose.volumes).toSorted());
  for (const name of ['postgres', 'redis', 'qdrant']) expect(processOf(name).healthcheck, name).toBeDefined();
});

test('the image is Debian, runs as nobody special and copies only what exists', () => {
  const dockerfile = read('.docker/Dockerfile');
  expect([...dockerfile.matchAll(/^FROM (\S+)/gm)].every(([, image]) => /^node:26-\w+-slim$/.test(image ?? ''))).toBe(true);
  expect(dockerfile).toMatch(/^USER node$/m);
  expect(dockerfile).toContain('npm ci --omit=dev');
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = '']) => sources.split(' '));
  const kept = read('.docker/Dockerfile.dockerignore').split('\n');
  for (const source of copied) {
    expect(fs.existsSync(path.join(REPOSITORY, source)), source).toBe(true);
    expect(kept, source).toContain(`!${source}`);
  }
});

import { expect, test } from 'vitest';
import { HAND_WRITTEN_SQL, UNSCOPED } from './house.ts';
import { layerOf, sourceFiles } from './source-files.ts';
import { withoutWords } from './without-words.ts';

const src = sourceFiles('src').map((file) => ({ ...file, where: `src/${file.path}` }));
const all = [
  ...src,
  ...['test', 'prisma', 'bench', 'docs'].flatMap((folder) => sourceFiles(folder).map((file) => ({ ...file, where: `${folder}/${file.path}` }))),
];

/** The lines of code that match, as `file:line`. */
function lines(files: typeof all, pattern: RegExp): string[] {
  return files.flatMap(({ where, code }) => code.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${where}:${index + 1}`] : [])));
}

const except = (...paths: string[]) => src.filter(({ path }) => !paths.includes(path));

test('the environment is read in config/env.ts alone: add a setting there and hand it in', () => {
  expect(lines(except('config/env.ts'), /\bprocess\s*\.\s*env\b/)).toEqual([]);
});

test('a process is ended by its entry or kit/lifecycle.ts alone: throw, or dispose of what you own', () => {
  expect(
    lines(
      except('kit/lifecycle.ts').filter(({ path }) => layerOf(path) !== 'entry'),
      /\bprocess\s*\.\s*(exit|abort|kill)\s*\((?!.*\bpid\b)/,
    ),
  ).toEqual([]);
});

test('the client that sees every workspace is held where house.ts says why; all else is given a TenantDb', () => {
  // `tenantDb(app.root, …)` narrows it at once, and is how it is meant to be used.
  const holds = (code: string) => /\bRootDb\b|\.root\b|[{,]\s*root\s*[:,}]/.test(code.replace(/\btenantDb\(\s*[\w.]*\broot\b/g, ''));
  const near = ['app', 'db', 'domain', 'entry', 'graphql', 'http', 'jobs', 'realtime'];
  const holders = src.filter(({ path, code }) => near.includes(layerOf(path)) && holds(code)).map(({ path }) => path);
  expect(holders.filter((path) => !(path in UNSCOPED)).map((path) => `src/${path}`)).toEqual([]);
  expect(
    Object.keys(UNSCOPED).filter((path) => !holders.includes(path)),
    'listed in UNSCOPED without need',
  ).toEqual([]);
});

test('SQL by hand, which no client narrows to a workspace, is written where house.ts says why', () => {
  const writers = src.filter(({ code }) => /\$(query|execute)Raw|\b(pool|client)\??\s*\.query\b|\bPrisma\.sql\b/.test(code)).map(({ path }) => path);
  expect(writers.filter((path) => !(path in HAND_WRITTEN_SQL)).map((path) => `src/${path}`)).toEqual([]);
  expect(
    Object.keys(HAND_WRITTEN_SQL).filter((path) => !writers.includes(path)),
    'listed in HAND_WRITTEN_SQL without need',
  ).toEqual([]);
});

test('no file is longer than 300 lines: one that grows past it usually hides two', () => {
  const long = all.map(({ where, text }) => ({ where, length: text.trimEnd().split('\n').length })).filter(({ length }) => length > 300);
  expect(long).toEqual([]);
});

test('nothing is of type any: parse at the edge with zod, or take unknown', () => {
  expect(lines(all, /(?<![.\w$])any\b(?!\s*[(:])/)).toEqual([]);
});

test('everything is exported by its name: a default export is called differently wherever it goes', () => {
  // Tools ask for one in their configuration.
  expect(
    lines(
      all.filter(({ where }) => !/\.config\.ts$/.test(where)),
      /\bexport\s+default\b/,
    ),
  ).toEqual([]);
});

test('a thing is imported from where it is: no file only passes others on', () => {
  const barrels = all.filter(({ path, code }) => path.endsWith('index.ts') || /^\s*export\s*\*/m.test(code)).map(({ where }) => where);
  expect(barrels).toEqual([]);
});

test('a file is named in kebab-case after what is in it, never utils, helpers or manager', () => {
  const parts = [...new Set(all.flatMap(({ where }) => where.split('/')))];
  expect(parts.filter((part) => !/^[a-z0-9]+(-[a-z0-9]+)*((\.[a-z]+)*\.ts)?$/.test(part))).toEqual([]);
  expect(parts.filter((part) => /(^|-)(utils?|helpers?|managers?|common|misc|shared)(\.|$)/.test(part))).toEqual([]);
});

test('code is told from words', () => {
  const source = 'const a = "any"; // any\nconst b = `any ${any} ${`${x}`} any`; /* any */ const c = /[/"]any/.test(d) ? 1 / 2 : any;';
  expect(withoutWords(source).match(/\bany\b/g)).toEqual(['any', 'any']);
  expect(withoutWords(source)).toHaveLength(source.length);
});

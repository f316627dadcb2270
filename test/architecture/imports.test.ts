import fs from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ARROWS, DOMAINS, PURE } from './house.ts';
import { importsOf, layerOf, REPOSITORY, type SourceFile, sourceFiles } from './source-files.ts';

const files = sourceFiles('src');
const domainOf = (file: string) => (file.startsWith('domain/') ? file.split('/')[1] : undefined);

/** Why `file` may not import `target`, or null where it may. */
function objection(file: string, target: string): string | null {
  const [from, to] = [layerOf(file), layerOf(target)];
  const allowed = ARROWS[from];
  if (!allowed) return `src/${from} is no part of the house: put the file where its kind lives, see test/architecture/house.ts`;
  if (from === 'domain' && to === 'domain') return domainObjection(domainOf(file), domainOf(target));
  if (from === 'vendors' && to === 'vendors') {
    const [one, other] = [file.split('/')[1], target.split('/')[1]];
    return one === other ? null : 'a vendor never imports another: share what both need through kit or ports';
  }
  if (from === to) return null;
  if (allowed.includes(to) || allowed.some((folder) => target.startsWith(`${folder}/`))) return null;
  if (to === 'vendors') return 'only src/app.ts imports vendors: describe what you need as a port and have it handed in';
  if (to === 'app' || to === 'config') return 'name the few parts you need in the function that needs them; the processes hand them in';
  if (to === 'entry') return 'the processes are on top: nothing beneath imports them';
  return `${from} may import ${allowed.join(', ') || 'nothing of src'}; find the event or the port that carries what you need`;
}

function domainObjection(from = '', to = ''): string | null {
  for (const domain of [from, to])
    if (!DOMAINS.includes(domain)) return `${domain} is not in the list of domains (test/architecture/house.ts): a new one is a decision`;
  return DOMAINS.indexOf(to) <= DOMAINS.indexOf(from) ? null : `${to} comes after ${from}: emit a domain event (src/events.ts) and react to it there`;
}

test('every import follows the arrows of the house', () => {
  const objections = files.flatMap(({ path, imports }) =>
    imports.flatMap((target) => {
      const why = objection(path, target);
      return why ? [`src/${path} imports src/${target}: ${why}`] : [];
    }),
  );
  expect(objections).toEqual([]);
});

test.each([
  ['kit/clock.ts', 'ports/carrier.ts', 'nothing of src'],
  ['domain/bookings/book.ts', 'domain/calls/state.ts', 'calls comes after bookings'],
  ['domain/calls/place.ts', 'domain/bookings/book.ts', null],
  ['media/bridge.ts', 'domain/calls/tools/run-tool.ts', null],
  ['media/bridge.ts', 'domain/bookings/book.ts', 'media may import'],
  ['graphql/calls.ts', 'http/server.ts', 'graphql may import'],
  ['vendors/twilio/carrier.ts', 'vendors/openai/realtime.ts', 'a vendor never imports another'],
  ['vendors/twilio/carrier.ts', 'domain/calls/state.ts', 'vendors may import'],
  ['vendors/twilio/carrier.ts', 'vendors/twilio/signature.ts', null],
  ['simulator/carrier.ts', 'vendors/twilio/signature.ts', 'only src/app.ts imports vendors'],
  ['graphql/context.ts', 'vendors/twilio/carrier.ts', 'only src/app.ts imports vendors'],
  ['app.ts', 'vendors/twilio/carrier.ts', null],
  ['media.ts', 'http/health.ts', null],
  ['start.ts', 'api.ts', null],
  ['app.ts', 'api.ts', 'the processes are on top'],
  ['stuff/thing.ts', 'kit/clock.ts', 'no part of the house'],
])('the rules know an arrow: %s to %s', (file, target, why) => {
  const found = objection(file, target);
  if (why === null) expect(found).toBe(null);
  else expect(found).toContain(why);
});

test('the imports of a file are all found', () => {
  const text = `import a from 'a';\nimport type { B } from "./b.ts";\nexport { c } from './c.ts';\nimport {\n  d,\n} from './d.ts';\nimport './e.ts';\nconst f = await import('./f.ts');`;
  expect(importsOf(text)).toEqual(['a', './b.ts', './c.ts', './d.ts', './e.ts', './f.ts']);
});

test('every import names a file that exists, with its ending', () => {
  const known = new Set(files.map(({ path }) => path));
  const missing = files.flatMap(({ path, imports }) =>
    imports
      .filter((target) => !known.has(target) && !target.startsWith('generated/') && !fs.existsSync(join(REPOSITORY, 'src', target)))
      .map((target) => `src/${path} imports src/${target}`),
  );
  expect(missing).toEqual([]);
});

test('no files import each other in a circle, not even for types', () => {
  expect(circles(files).map((circle) => circle.map((file) => `src/${file}`).join(' ⇄ '))).toEqual([]);
});

test('pure files import kit and pure files alone', () => {
  const impure = PURE.flatMap((pure) => {
    const file = files.find(({ path }) => path === pure);
    if (!file) return [`src/${pure} does not exist any more: take it off the list`];
    return file.imports.filter((target) => layerOf(target) !== 'kit' && !PURE.includes(target)).map((target) => `src/${pure} imports src/${target}`);
  });
  expect(impure).toEqual([]);
});

test('a service is spoken to by its vendor alone: others may know the types of its library', () => {
  const strangers = files
    .filter(({ path }) => !['db', 'vendors', 'app'].includes(layerOf(path)))
    .flatMap(({ path, text, packages }) =>
      packages
        .filter(
          (name) =>
            ['pg', 'ioredis', 'pg-boss', 'twilio', 'openai', 'googleapis', 'stripe', '@apple'].includes(name.split('/')[0] ?? '') &&
            !new RegExp(`import type [^;]*from '${name}'`).test(text),
        )
        .map((name) => `src/${path} imports ${name}`),
    );
  expect(strangers).toEqual([]);
});

/** Strongly connected groups of more than one file (Tarjan, SIAM Journal on Computing 1972). */
function circles(all: readonly SourceFile[]): string[][] {
  const targets = new Map(all.map(({ path, imports }) => [path, imports]));
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  function visit(file: string): number {
    const index = order.size;
    order.set(file, index);
    let low = index;
    stack.push(file);
    for (const target of targets.get(file) ?? []) {
      if (!targets.has(target)) continue;
      if (!order.has(target)) low = Math.min(low, visit(target));
      else if (stack.includes(target)) low = Math.min(low, lowest.get(target) ?? order.get(target) ?? low);
    }
    lowest.set(file, low);
    if (low === index) {
      const group = stack.splice(stack.indexOf(file));
      if (group.length > 1) found.push(group.sort());
    }
    return low;
  }
  for (const { path } of all) if (!order.has(path)) visit(path);
  return found;
}

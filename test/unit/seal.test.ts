import { expect, test } from 'vitest';
import { createSealer, SealBroken } from '../../src/kit/seal.ts';

const [OLD, NEW] = ['o'.repeat(32), 'n'.repeat(32)] as const;
const sealer = createSealer([OLD]);

test('what is sealed opens again, looks different each time and tells nothing', () => {
  for (const text of ['', 'token', '🗝️'.repeat(1_000)]) expect(sealer.open(sealer.seal(text, 'place'), 'place')).toBe(text);
  expect(sealer.seal('token', 'place')).not.toBe(sealer.seal('token', 'place'));
  expect(sealer.seal('token', 'place')).toMatch(/^v1\.[0-9a-f]{8}\.[\w-]+$/);
});

test('it opens in its own place alone', () => {
  expect(() => sealer.open(sealer.seal('token', 'place'), 'other place')).toThrow(SealBroken);
});

test('a key that is being replaced still opens, and no longer seals', () => {
  const rotating = createSealer([NEW, OLD]);
  expect(rotating.open(sealer.seal('token', 'place'), 'place')).toBe('token');
  expect(createSealer([NEW]).open(rotating.seal('token', 'place'), 'place')).toBe('token');
  expect(() => createSealer([NEW]).open(sealer.seal('token', 'place'), 'place')).toThrow('SECRET_KEY_PREVIOUS');
});

test('no byte can be changed, and what was never sealed does not open', () => {
  const sealed = sealer.seal('token', 'place');
  const start = sealed.lastIndexOf('.') + 1;
  for (let at = start; at < sealed.length - 1; at++) {
    const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
    expect(() => sealer.open(changed, 'place')).toThrow(SealBroken);
  }
  for (const text of ['', 'token', 'v1', `${sealed.slice(0, start)}AAAA`, `v2${sealed.slice(2)}`]) expect(() => sealer.open(text, 'place')).toThrow(SealBroken);
});

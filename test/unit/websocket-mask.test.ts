import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMask, maskKey } from '../../src/kit/websocket-mask.ts';

test('a mask is applied byte by byte, wherever the payload lies, and tells which bits the result has', () => {
  const mask = createMask();
  const place = fc.record({ before: fc.nat(9), payload: fc.uint8Array({ maxLength: 40 }), after: fc.nat(5), offset: fc.nat(7) });
  fc.assert(
    fc.property(place, fc.uint8Array({ minLength: 4, maxLength: 4 }), ({ before, payload, after, offset }, key) => {
      const memory = Buffer.alloc(offset + before + payload.length + after, 0xaa);
      const bytes = memory.subarray(offset);
      bytes.set(payload, before);
      const masked = payload.map((byte, index) => byte ^ (key[index % 4] ?? 0));
      expect(mask(bytes, before, before + payload.length, maskKey(key, 0))).toBe(masked.reduce((bits, byte) => bits | byte, 0));
      expect([...bytes]).toEqual([...Array(before).fill(0xaa), ...masked, ...Array(after).fill(0xaa)]);
    }),
    { numRuns: 5_000 },
  );
});

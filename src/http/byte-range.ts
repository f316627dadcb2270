import type { ByteRange } from '../ports/blobs.ts';

export type Asked = 'whole' | 'unsatisfiable' | ByteRange;

/**
 * What a Range header asks for (RFC 9110, section 14.1.2): one range is answered as such; several, or what cannot be
 * read, with the whole.
 *
 * @param size of the whole, in bytes.
 */
export function readRange(header: string | undefined, size: number): Asked {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return 'whole';
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { first: size - length, last: size - 1 };
  }
  if (last !== '' && Number(last) < Number(first)) return 'whole';
  if (Number(first) >= size) return 'unsatisfiable';
  return { first: Number(first), last: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
}

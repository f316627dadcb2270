/** The mask of RFC 6455, section 5.3: the bytes of a payload, each combined with the next of a key's four. Applied twice it is gone. */

/** The four bytes of a key as one number, the first one lowest. */
export const maskKey = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);

const littleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/**
 * Makes a function that masks in place: whole words where the machine's are in the key's order, single bytes around them.
 * It remembers its view of the memory that it worked on last: each place that works on memory of its own makes one.
 *
 * @returns the function; it answers the bits that any byte of the result has: below 0x80 for text of ASCII alone.
 */
export function createMask(): (bytes: Buffer, start: number, end: number, key: number) => number {
  let words: Int32Array = new Int32Array(0);
  return (bytes, start, end, key) => {
    if (!littleEndian) return maskBytes(bytes, start, end, key);
    const { buffer, byteOffset } = bytes;
    if (words.buffer !== buffer) words = new Int32Array(buffer, 0, buffer.byteLength >> 2);
    const lead = Math.min(-(byteOffset + start) & 3, end - start);
    const firstWord = (byteOffset + start + lead) >> 2;
    const endWord = Math.max(firstWord, (byteOffset + end) >> 2);
    // Behind the single bytes at the start the key begins with another of its bytes.
    const turned = lead === 0 ? key : (key >>> (lead * 8)) | (key << (32 - lead * 8));
    const view = words;
    let all = 0;
    for (let index = firstWord; index < endWord; index++) {
      const word = (view[index] ?? 0) ^ turned;
      view[index] = word;
      all |= word;
    }
    const bits = (all | (all >>> 8) | (all >>> 16) | (all >>> 24)) & 0xff;
    const tail = start + lead + (endWord - firstWord) * 4;
    return bits | maskBytes(bytes, start, start + lead, key) | maskBytes(bytes, tail, end, turned);
  };
}

function maskBytes(bytes: Buffer, start: number, end: number, key: number): number {
  let bits = 0;
  for (let at = start, shift = 0; at < end; at++, shift = (shift + 8) & 31) {
    const byte = (bytes[at] ?? 0) ^ ((key >>> shift) & 0xff);
    bytes[at] = byte;
    bits |= byte;
  }
  return bits;
}

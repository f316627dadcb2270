/** Texts of an event, found by their keys in the frame as it came: the frequent events are not parsed. Each key stands once in them. */

export const RESPONSE_ID = Buffer.from('"response_id":"');
export const ITEM_ID = Buffer.from('"item_id":"');
export const DELTA = Buffer.from('"delta":"');

const QUOTE = 0x22;

/**
 * The text behind a key as it stands there, escapes and all, as a view of the frame. One with an escaped quote ends before it.
 *
 * @param from where to look, in bytes. @returns null where the key is missing.
 */
export function fieldOf(frame: Buffer, key: Buffer, from = 0): Buffer | null {
  const found = frame.indexOf(key, from);
  if (found === -1) return null;
  const start = found + key.length;
  const end = frame.indexOf(QUOTE, start);
  return end === -1 ? null : frame.subarray(start, end);
}

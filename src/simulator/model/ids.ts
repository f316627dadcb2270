import { randomBytes } from 'node:crypto';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** An identifier in the vendor's form, e.g. `item_` and 21 letters and digits. */
export const newModelId = (prefix: 'event' | 'sess' | 'conv' | 'item' | 'resp' | 'call' | 'msg' | 'req'): string =>
  `${prefix}_${Array.from(randomBytes(21), (byte) => DIGITS[byte % DIGITS.length]).join('')}`;

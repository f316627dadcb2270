import { randomBytes } from 'node:crypto';

/** An identifier in the vendor's form: two letters and 32 hexadecimal digits. */
export const newSid = (prefix: 'PN' | 'CA' | 'MZ' | 'AC' | 'RE'): string => prefix + randomBytes(16).toString('hex');

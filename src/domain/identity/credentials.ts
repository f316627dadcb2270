import { z } from 'zod';

/** NIST SP 800-63B: length is what counts; no rules about kinds of characters. The upper end keeps hashing cheap. */
export const newPassword = z.string().min(8, 'Choose a password of at least 8 characters.').max(256, 'A password has 256 characters at most.');

/** Any password that could ever have been chosen. */
export const givenPassword = z.string().max(256, 'A password has 256 characters at most.');

export const personName = z.string().trim().min(1, 'A name cannot be empty.').max(200, 'A name has 200 characters at most.');

import * as crypto from 'node:crypto';

// In Node 26 and not yet in its types.
const { randomUUIDv7 } = crypto as unknown as { randomUUIDv7(): string };

/** Makes identifiers; an argument wherever a test wants to know them beforehand. */
export type Ids = () => string;

/**
 * A UUID of version 7 (RFC 9562, section 5.7) without dashes: 32 hex digits that sort by the
 * millisecond they were made in, so that new rows land at the end of their index.
 */
export const newId: Ids = () => randomUUIDv7().replaceAll('-', '');

import { Registry } from 'prom-client';
import { createLogger } from '../../src/kit/logger.ts';

/** What a vendor is given to report to, where the test does not look at it. */
export const quiet = () => ({ logger: createLogger('silent'), metrics: new Registry() });

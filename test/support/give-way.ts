import os from 'node:os';
import { expect } from 'vitest';

// Where people talk with each other in real time, what is late is lost; a test that only computes can wait for them.
const inRealTime = /\/test\/(e2e|media)\//.test(expect.getState().testPath ?? '');
if (!inRealTime) os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);

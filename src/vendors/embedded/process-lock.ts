import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

const SQLITE_BUSY = 5;

/** Takes the lock if it is free. The kernel frees it when the process dies, however it dies: there is no stale lock. */
export function tryProcessLock(file: string): Disposable | null {
  // Node has no file locks of its own; SQLite's are the system's, and come with it.
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('begin exclusive');
    return { [Symbol.dispose]: () => database.close() };
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return null;
    throw error;
  }
}

/** Waits for a lock that one process on this machine can hold. @param file is made when missing; its folder must exist. */
export async function processLock(file: string, timeoutMs: number): Promise<Disposable> {
  for (const deadline = Date.now() + timeoutMs; ; ) {
    const lock = tryProcessLock(file);
    if (lock) return lock;
    if (Date.now() > deadline) throw new Error(`another process has held ${file} for ${timeoutMs / 1000} s`);
    await sleep(25);
  }
}

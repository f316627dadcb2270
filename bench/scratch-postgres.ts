import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type EmbeddedPostgresOptions, startEmbeddedPostgres } from '../src/vendors/embedded/postgres.ts';

export interface ScratchPostgres extends AsyncDisposable {
  readonly url: string;
  /** Whatever else a bench keeps on disk may lie here too. */
  readonly folder: string;
  /** The server's own, below the folder. */
  readonly dataDir: string;
}

/** A Postgres in a folder of its own, empty, on disk as production runs it unless it is to be `fast`. Both are gone with it. */
export async function scratchPostgres(options: Omit<EmbeddedPostgresOptions, 'dataDir'> = {}): Promise<ScratchPostgres> {
  await using opened = new AsyncDisposableStack();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'callgraph-bench-'));
  fs.chmodSync(folder, 0o711);
  opened.defer(() => fs.rmSync(folder, { recursive: true, force: true }));
  const dataDir = path.join(folder, 'postgres');
  const { url } = opened.use(await startEmbeddedPostgres({ ...options, dataDir }));
  const running = opened.move();
  return { url, folder, dataDir, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

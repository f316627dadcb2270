/** Runs every benchmark of this folder that measures (chaos breaks things, see `npm run chaos`), one after the other; each prints its peer and its limit beside what is ours. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

for (const name of fs.readdirSync(import.meta.dirname).sort()) {
  const script = path.join(import.meta.dirname, name, 'run.ts');
  if (name === 'chaos' || !fs.existsSync(script)) continue;
  console.log(`\n# ${name}`);
  const { status } = spawnSync(process.execPath, [script, ...process.argv.slice(2)], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}

// Makes the Prisma client when it is missing or older than the schema, as it is after `npm ci --ignore-scripts`.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';

const root = new URL('..', import.meta.url);
const changedAt = (file: string) => fs.statSync(new URL(file, root), { throwIfNoEntry: false })?.mtimeMs ?? 0;

// The last file that the generators write.
if (changedAt('src/generated/pothos-types.ts') < changedAt('prisma/schema.prisma')) {
  execFileSync('prisma', ['generate'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}

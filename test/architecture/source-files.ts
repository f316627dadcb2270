import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { withoutWords } from './without-words.ts';

export interface SourceFile {
  /** Relative to its folder, with forward slashes: `domain/calls/state.ts`. */
  readonly path: string;
  readonly text: string;
  /** The text with comments and the contents of strings blanked out. */
  readonly code: string;
  /** Files of the same folder that it imports, types included. */
  readonly imports: readonly string[];
  /** Packages that it imports. */
  readonly packages: readonly string[];
}

export const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

// `import … from '…'`, `export … from '…'`, `import '…'`, `import('…')`
const IMPORT = /(?:^|[\n;])\s*(?:import|export)\s(?:[^'"`;=]*?\sfrom\s*)?['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]/g;

/** Every TypeScript file below a folder of the repository, generated ones left out. */
export function sourceFiles(folder: string): SourceFile[] {
  const root = path.join(REPOSITORY, folder);
  if (!fs.existsSync(root)) return [];
  return fs
    .readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll(path.sep, '/'))
    .filter((name) => name.endsWith('.ts') && !/^(generated|gql)\//.test(name))
    .sort()
    .map((name) => {
      const text = fs.readFileSync(path.join(root, name), 'utf8');
      const specifiers = importsOf(text);
      return {
        path: name,
        text,
        code: withoutWords(text),
        imports: specifiers.filter((specifier) => specifier.startsWith('.')).map((specifier) => path.posix.join(path.posix.dirname(name), specifier)),
        packages: specifiers.filter((specifier) => !specifier.startsWith('.')),
      };
    });
}

export const importsOf = (text: string): string[] => [...new Set([...text.matchAll(IMPORT)].flatMap(([, plain, dynamic]) => plain ?? dynamic ?? []))];

/** Which line of the house a file belongs to, given relative to `src`. */
export function layerOf(file: string): string {
  if (file.startsWith('../')) return file.split('/', 2).join('/');
  const [first = '', second] = file.split('/');
  if (second !== undefined) return first;
  const name = first.replace(/\.ts$/, '');
  return name === 'events' || name === 'app' ? name : 'entry';
}

/** Where the story is told: a terminal in which lines can grow in place, or anything that takes lines. */
export interface Screen {
  /** Writes lines that stay. */
  write(...lines: string[]): void;
  /** Shows lines at the bottom that are replaced by whatever comes next; nothing where lines cannot be taken back. */
  show(lines: readonly string[]): void;
}

export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export type Ink = 'bold' | 'dim' | 'cyan' | 'green' | 'yellow' | 'red';

const CODES: Readonly<Record<Ink, number>> = { bold: 1, dim: 2, cyan: 36, green: 32, yellow: 33, red: 31 };
const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');

export function createScreen(output: Output): Screen & { paint(ink: Ink, text: string): string } {
  const live = output.isTTY === true;
  let shown = 0;
  const width = () => Math.max(40, output.columns ?? 80);
  const take = () => {
    if (shown > 0) output.write(`\u001b[${shown}A\u001b[J`);
    shown = 0;
  };
  return {
    paint: (ink, text) => (live ? `\u001b[${CODES[ink]}m${text}\u001b[0m` : text),
    write(...lines) {
      take();
      for (const line of lines) output.write(`${line}\n`);
    },
    show(lines) {
      if (!live) return;
      take();
      for (const line of lines) {
        output.write(`${line}\n`);
        shown += Math.max(1, Math.ceil(line.replace(ESCAPES, '').length / width()));
      }
    },
  };
}

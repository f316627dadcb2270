import { isUtf8 } from 'node:buffer';
import { CsvError, parse } from 'csv-parse';

/** A line of a list that somebody uploaded. `line` is the physical one on which it begins, from 1. */
export interface FileRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

export interface ContactFile {
  readonly encoding: Encoding;
  readonly delimiter: Delimiter;
  /** Line by line, the header and empty lines included. @throws BrokenFile where a quotation mark is never closed. */
  records(): AsyncIterable<FileRecord>;
}

const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** The rest of the file cannot be read. */
export class BrokenFile extends Error {
  override readonly name = 'BrokenFile';
  /** Where the line begins that does not end. */
  readonly line: number;

  constructor(line: number) {
    super(`The quotation mark that opens on line ${line} is never closed; from there on nothing was read.`);
    this.line = line;
  }
}

/** No line of a list of people is longer; an open quotation mark makes one of the whole rest. */
const LONGEST_RECORD = 256 * 1024;
const CHUNK = 64 * 1024;
const PARSING = { relax_quotes: true, relax_column_count: true, skip_empty_lines: false, max_record_size: LONGEST_RECORD } as const;
/** A spreadsheet's own word for the delimiter, as the first line. */
const SEPARATOR_LINE = /^sep=(.)\r?\n/;

/** Finds out how a file of separated values is written. The lines are read as they are asked for. */
export function openContactFile(bytes: Uint8Array): ContactFile {
  const encoding = encodingOf(bytes);
  const start = new TextDecoder(encoding).decode(bytes.subarray(0, CHUNK));
  const told = DELIMITERS.find((delimiter) => delimiter === SEPARATOR_LINE.exec(start)?.[1]);
  const delimiter = told ?? delimiterOf(start);
  return { encoding, delimiter, records: () => readRecords(bytes, encoding, delimiter, told !== undefined) };
}

function encodingOf(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  // Text of two bytes a character without a mark at its start: every other byte of what is mostly Latin is zero.
  const sample = bytes.subarray(0, 200);
  const zeros = (odd: number) => sample.filter((byte, index) => index % 2 === odd && byte === 0).length;
  if (zeros(1) * 4 > sample.length) return 'utf-16le';
  if (zeros(0) * 4 > sample.length) return 'utf-16be';
  return isUtf8(bytes) ? 'utf-8' : 'windows-1252';
}

/** The delimiter that cuts the first lines into most cells, as evenly as can be. */
function delimiterOf(text: string): Delimiter {
  const lines = text
    .replace(/"(?:[^"]|"")*"/g, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(0, 20);
  const score = (delimiter: Delimiter) => {
    const [header = 0, ...rest] = lines.map((line) => line.split(delimiter).length - 1);
    return header === 0 ? 0 : header + rest.filter((count) => count === header).length / (rest.length + 1);
  };
  return DELIMITERS.reduce((best, next) => (score(next) > score(best) ? next : best));
}

async function* readRecords(bytes: Uint8Array, encoding: Encoding, delimiter: Delimiter, skipFirst: boolean): AsyncGenerator<FileRecord> {
  let ended = 0;
  let found: FileRecord[] = [];
  // Taken as they are found: a stream that fails throws away what nobody has read yet.
  const onRecord = (cells: string[], { lines }: { lines: number }) => {
    found.push({ line: ended + 1, cells });
    ended = lines;
    return null;
  };
  const parser = parse({ ...PARSING, delimiter, on_record: onRecord }).on('error', () => {});
  const told = (act: (done: (error?: Error | null) => void) => void) => new Promise<Error | null>((resolve) => act((error) => resolve(error ?? null)));
  function* take(): Generator<FileRecord> {
    for (const record of found) if (!skipFirst || record.line > 1) yield record;
    found = [];
  }
  for (const text of piecesOf(bytes, encoding)) {
    const error = await told((done) => (text === null ? parser.resume().end(done) : parser.write(text, done)));
    yield* take();
    if (error instanceof CsvError) throw new BrokenFile(ended + 1);
    if (error) throw error;
  }
}

/** The text in pieces, and null at its end. */
function* piecesOf(bytes: Uint8Array, encoding: Encoding): Generator<string | null> {
  yield* textOf(bytes, encoding);
  yield null;
}

/** Text in pieces, with one kind of line end: the parser counts the two bytes of the other as two lines within quotes. */
function* textOf(bytes: Uint8Array, encoding: Encoding): Generator<string> {
  const decoder = new TextDecoder(encoding);
  let held = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    const text = held + decoder.decode(bytes.subarray(at, at + CHUNK), { stream: true });
    held = text.endsWith('\r') ? '\r' : '';
    yield (held ? text.slice(0, -1) : text).replaceAll('\r\n', '\n');
  }
  yield held + decoder.decode();
}

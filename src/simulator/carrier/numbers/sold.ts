import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const soldNumber = z.object({
  sid: z.string(),
  phoneNumber: z.string(),
  label: z.string(),
  voiceUrl: z.string(),
  fallbackUrl: z.string(),
  statusUrl: z.string(),
  boughtAt: z.string(),
});

/** A number that the account holds. */
export type SoldNumber = z.infer<typeof soldNumber>;

/** What was sold, by the number's id. A carrier does not forget when its customer restarts: kept in a file where one is given. */
export class SoldNumbers {
  readonly #numbers = new Map<string, SoldNumber>();
  readonly #file: string | null;

  /** @param file where they are kept; null: in memory. One that cannot be read is one that nothing was sold in. */
  constructor(file: string | null) {
    this.#file = file;
    for (const number of file ? read(file) : []) this.#numbers.set(number.sid, number);
  }

  list(): SoldNumber[] {
    return [...this.#numbers.values()];
  }

  get(sid: string): SoldNumber | undefined {
    return this.#numbers.get(sid);
  }

  at(phoneNumber: string): SoldNumber | undefined {
    return this.list().find((number) => number.phoneNumber === phoneNumber);
  }

  keep(number: SoldNumber): void {
    this.#numbers.set(number.sid, number);
    this.#write();
  }

  drop(sid: string): void {
    this.#numbers.delete(sid);
    this.#write();
  }

  #write(): void {
    if (!this.#file) return;
    fs.mkdirSync(path.dirname(this.#file), { recursive: true });
    fs.writeFileSync(`${this.#file}.new`, JSON.stringify(this.list(), null, 1));
    fs.renameSync(`${this.#file}.new`, this.#file);
  }
}

function read(file: string): SoldNumber[] {
  try {
    return z.array(soldNumber).parse(JSON.parse(fs.readFileSync(file, 'utf8')));
  } catch {
    return [];
  }
}

/** The newest entries of a log are kept: a lab that runs for days stays small. */
const KEPT = 2_000;

export function keep<T>(list: T[], entry: T): void {
  list.push(entry);
  if (list.length > KEPT) list.shift();
}

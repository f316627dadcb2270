import { parseArgs } from 'node:util';
import { z } from 'zod';

export const HELP = `npm run bench:media -- [options]

  --levels 200,400        numbers of concurrent calls
  --bridges NAME,NAME     of relay, agents-sdk, callgraph
  --seconds 15            length of the measured window
  --rounds 2              how often each bridge is measured at each level, in turn with the others
  --pattern bbf           a caller's turns: b interrupts the answer, f hears it in full
  --open-ms 300           how long the model takes to accept a session
  --late-deltas 1         deltas of a cut answer that still arrive
  --harness-cpu 0         where the callers, the model, Postgres and Redis run
  --bridge-cpu 1          where the bridge runs, alone
  --entry FILE            callgraph's process; src/media.ts by default
  --node-flags=FLAGS      for callgraph's process alone, e.g. --node-flags='--cpu-prof --cpu-prof-dir=/tmp/profile'
  --json FILE             all figures, one object for each run
`;

const list = z.string().transform((text) => text.split(',').map((part) => part.trim()));
const schema = z.object({
  levels: list.pipe(z.array(z.coerce.number<string>().int().min(1).max(2_000)).min(1)).default([200, 400]),
  bridges: list.pipe(z.array(z.enum(['relay', 'agents-sdk', 'callgraph'])).min(1)).default(['relay', 'agents-sdk', 'callgraph']),
  seconds: z.coerce.number().min(2).max(600).default(15),
  rounds: z.coerce.number().int().min(1).max(20).default(2),
  pattern: z
    .string()
    .regex(/^[bf]+$/)
    .default('bbf'),
  'open-ms': z.coerce.number().int().min(0).max(10_000).default(300),
  'late-deltas': z.coerce.number().int().min(0).max(5).default(1),
  'harness-cpu': z.string().regex(/^\d+$/).default('0'),
  'bridge-cpu': z.string().regex(/^\d+$/).default('1'),
  entry: z.string().optional(),
  'node-flags': z.string().optional(),
  json: z.string().optional(),
});

export type Options = z.infer<typeof schema>;

/** @throws where an option is not known or not usable, saying which. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const known = Object.fromEntries(Object.keys(schema.shape).map((name) => [name, { type: 'string' as const }]));
  const { values } = parseArgs({ args: [...args], options: { ...known, help: { type: 'boolean' } } });
  if (values.help) return 'help';
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('\n'));
}

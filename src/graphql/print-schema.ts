// Writes the schema as clients see it into schema.graphql. `--check` only says whether the file is in step.
import fs from 'node:fs';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from './schema.ts';

const file = new URL('../../schema.graphql', import.meta.url);
const printed = `${printSchema(lexicographicSortSchema(schema))}\n`;

if (!process.argv.includes('--check')) fs.writeFileSync(file, printed);
else if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== printed) {
  console.error('schema.graphql is not what the code says. Run `npm run schema` and commit it.');
  process.exitCode = 1;
}

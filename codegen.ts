// Makes typed documents of every graphql(`…`) in the tests and the demo, without the codegen CLI and its 200 packages.
// The types are written to test/gql/, which is not in version control: scripts that need it run this first.
import fs from 'node:fs';
import path from 'node:path';
import { preset } from '@graphql-codegen/client-preset';
import { codegen } from '@graphql-codegen/core';
import { buildSchema, type DocumentNode, parse, printSchema, validate } from 'graphql';
import { schema } from './src/graphql/schema.ts';

const OUTPUT = './test/gql/';
const SCALARS = {
  ID: 'string',
  DateTime: 'string',
  Date: 'string',
  LocalTime: 'string',
  TimeZone: 'string',
  PhoneNumber: 'string',
  EmailAddress: 'string',
  File: 'File',
  URL: 'string',
};

process.chdir(import.meta.dirname);
// Documents are checked against the schema as it is printed, as clients do.
const clientSchema = buildSchema(printSchema(schema));

const documents = fs
  .globSync(['test/**/*.ts', 'src/simulator/**/*.ts'], { exclude: (file) => file.endsWith('gql') })
  .sort()
  .flatMap((location) => [...fs.readFileSync(location, 'utf8').matchAll(/\bgraphql\(`([\s\S]*?)`\)/g)].map((match) => documentAt(location, match[1] ?? '')));

function documentAt(location: string, rawSDL: string): { location: string; rawSDL: string; document: DocumentNode } {
  const document = parse(rawSDL);
  const errors = validate(clientSchema, document);
  if (errors.length > 0) throw new Error(`${location}: ${errors.map((error) => error.message).join(' ')}\n${rawSDL}`);
  return { location, rawSDL, document };
}

const sections = await preset.buildGeneratesSection({
  baseOutputDir: OUTPUT,
  schema: parse(printSchema(clientSchema)),
  schemaAst: clientSchema,
  documents,
  config: { documentMode: 'string', useTypeImports: true, enumsAsTypes: true, strictScalars: true, scalars: SCALARS, importExtension: '.ts' },
  presetConfig: { fragmentMasking: false },
  plugins: [],
  pluginMap: {},
  pluginContext: {},
  profiler: { run: (work: () => unknown) => work(), collect: () => [] },
} as never);

for (const section of sections) {
  const text = await codegen({ ...section, cache: (_namespace: string, _key: string, make: () => unknown) => make() } as never);
  fs.mkdirSync(path.dirname(section.filename), { recursive: true });
  // Unchanged files keep their time, so that watchers stay quiet.
  if (!fs.existsSync(section.filename) || fs.readFileSync(section.filename, 'utf8') !== text) fs.writeFileSync(section.filename, text);
}

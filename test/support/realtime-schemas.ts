import fs from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { z } from 'zod';

const fixture = z
  .object({ server: z.record(z.string(), z.string()), client: z.record(z.string(), z.string()), $defs: z.record(z.string(), z.unknown()) })
  .parse(JSON.parse(fs.readFileSync(new URL('../fixtures/openai-realtime.json', import.meta.url), 'utf8')));

// The document marks more than JSON Schema knows (`nullable` beside `oneOf`, formats of its own): not ours to mend.
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ $id: 'realtime', $defs: fixture.$defs });
const compiled = new Map<string, ValidateFunction>();

/** What keeps a message from being an event of the vendor's specification; empty where it is one. */
export function schemaProblems(side: 'server' | 'client', event: { type: string }): string[] {
  const name = fixture[side][event.type];
  if (!name) return [`${event.type} is no ${side} event`];
  const validate = compiled.get(name) ?? ajv.compile({ $ref: `realtime#/$defs/${name}` });
  compiled.set(name, validate);
  if (validate(event)) return [];
  return (validate.errors ?? []).map((error) => `${name}${error.instancePath} ${error.message}`);
}

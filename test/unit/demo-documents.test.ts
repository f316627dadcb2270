import fs from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import * as campaignDocuments from '../../src/simulator/demo/campaign-documents.ts';
import * as callDocuments from '../../src/simulator/demo/documents.ts';
import { createScreen } from '../../src/simulator/demo/terminal.ts';

const documents = { ...callDocuments, ...campaignDocuments };
const schema = buildSchema(fs.readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));

test.each(Object.entries(documents))('what the demonstration asks as %s is a document of the public schema', (_name, { document }) => {
  expect(validate(schema, parse(document)).map((error) => error.message)).toEqual([]);
});

test('on a terminal lines grow in place; elsewhere only whole ones are written', () => {
  const written = (isTTY: boolean) => {
    let text = '';
    const screen = createScreen({ isTTY, columns: 40, write: (part) => (text += part) });
    screen.write('one');
    screen.show(['partial']);
    screen.show([screen.paint('cyan', 'x'.repeat(50))]);
    screen.write('two');
    return text;
  };
  expect(written(false)).toBe('one\ntwo\n');
  // Fifty letters take two rows of forty, and both are taken back.
  expect(written(true)).toBe(`one\npartial\n\u001b[1A\u001b[J\u001b[36m${'x'.repeat(50)}\u001b[0m\n\u001b[2A\u001b[Jtwo\n`);
});

import fs from 'node:fs';
import {
  buildSchema,
  type DefinitionNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  Kind,
  lexicographicSortSchema,
  parse,
  print,
  printSchema,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';

const read = (file: string) => fs.readFileSync(new URL(file, import.meta.url), 'utf8');
const ours = parse(printSchema(schema)).definitions;

/** `type Call`, `type Call.status: CallStatus!`, `enum Role.OWNER`, `type Workspace.calls(first): Int` … of a definition. */
function claims(definition: DefinitionNode): string[] {
  if (!('name' in definition) || !definition.name) return [];
  const name = definition.name.value;
  const argument = (at: string) => (node: InputValueDefinitionNode) =>
    `${at}(${node.name.value}): ${print(node.type)}${node.defaultValue ? ` = ${print(node.defaultValue)}` : ''}`;
  const field = (node: FieldDefinitionNode) => [
    `${name}.${node.name.value}: ${print(node.type)}`,
    ...(node.arguments ?? []).map(argument(`${name}.${node.name.value}`)),
  ];
  switch (definition.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION:
      return [...(definition.interfaces ?? []).map((parent) => `${name} implements ${parent.name.value}`), ...(definition.fields ?? []).flatMap(field)];
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      return (definition.fields ?? []).map((node) => `${name}.${node.name.value}: ${print(node.type)}`);
    case Kind.ENUM_TYPE_DEFINITION:
      return (definition.values ?? []).map((value) => `${name}.${value.name.value}`);
    default:
      return [`${name}`];
  }
}

describe('the schema', () => {
  it('keeps every name that clients rely on', () => {
    const kept = new Set(ours.flatMap(claims));
    const promised = parse(read('../fixtures/api-sketch.graphql')).definitions.flatMap(claims);
    expect(promised.filter((claim) => !kept.has(claim))).toEqual([]);
  });

  it('is what schema.graphql says', () => {
    expect(read('../../schema.graphql')).toBe(`${printSchema(lexicographicSortSchema(schema))}\n`);
    expect(() => buildSchema(read('../../schema.graphql'))).not.toThrow();
  });

  it('describes every type, field, argument, input field and value in sentences', () => {
    const described: [string, string | null | undefined][] = [];
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith('__') || ['String', 'Int', 'Float', 'Boolean', 'ID'].includes(type.name)) continue;
      described.push([type.name, type.description]);
      if (isEnumType(type))
        described.push(...type.getValues().map((value): [string, typeof value.description] => [`${type.name}.${value.name}`, value.description]));
      if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) {
        for (const field of Object.values(type.getFields())) {
          described.push([`${type.name}.${field.name}`, field.description]);
          for (const argument of 'args' in field ? field.args : []) described.push([`${type.name}.${field.name}(${argument.name})`, argument.description]);
        }
      }
    }
    expect(described.filter(([, description]) => !description || !/^[A-Z0-9`].*[.!]$/s.test(description)).map(([name]) => name)).toEqual([]);
  });

  it('answers every mutation with a payload that has errors, and asks for one input at most', () => {
    for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
      expect(`${field.type}`).toMatch(/Payload!$/);
      expect(field.args.map(({ name }) => name).filter((name) => name !== 'input')).toEqual([]);
    }
    const payloads = Object.values(schema.getTypeMap()).filter((type) => type.name.endsWith('Payload'));
    for (const payload of payloads) expect(isObjectType(payload) && `${payload.getFields().errors?.type}`).toBe('[UserError!]!');
  });

  it('counts every connection and pages it', () => {
    const connections = Object.values(schema.getTypeMap()).filter((type) => type.name.endsWith('Connection'));
    expect(connections.length).toBeGreaterThan(0);
    for (const connection of connections)
      expect(isObjectType(connection) && Object.keys(connection.getFields()).sort()).toEqual(['edges', 'pageInfo', 'totalCount']);
  });
});

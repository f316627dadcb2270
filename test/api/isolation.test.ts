// No workspace sees another. This walks the schema itself: every object type and field, and every argument that takes
// an id. A type, field or argument that is added without a row here fails.
import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLObjectType,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isObjectType,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { type ApiResult, nodeId, type Person, type TestApi, take, testApi } from '../support/api.ts';
import { ACCOUNT } from '../support/call-app.ts';
import { ARGUMENTS, ELSEWHERE, ID_ARGUMENTS, NODE_ARGUMENTS, ROOTS, STAFF_ARGUMENTS, STAFF_ROOTS, WITHOUT_ID } from '../support/reachable.ts';
import { subscribe } from '../support/subscription.ts';
import { startTwilioRestTwin, type TwilioRestTwin } from '../support/twilio-rest-twin.ts';
import { fillWorkspace } from '../support/world.ts';

const MARK = 'OnlyAdaMaySeeThis';
let api: TestApi;
let carrier: TwilioRestTwin;
let ada: Person;
let eve: Person;
let adas: Record<string, string>;
let eves: Record<string, string>;

beforeAll(async () => {
  const somebody = { key: 'anybody', name: 'Anybody', number: '+12025550199', description: 'Rings nobody.' };
  const nobodyRings = () => Promise.reject(new Error('who may be rung is decided before anybody rings'));
  carrier = await startTwilioRestTwin(ACCOUNT);
  carrier.numbers.offers.push({ phoneNumber: '+14155550101', country: 'US', kind: 'Local' });
  const env = { TWILIO_ACCOUNT_SID: ACCOUNT.accountSid, TWILIO_AUTH_TOKEN: ACCOUNT.authToken, TWILIO_API_URL: carrier.url };
  api = await testApi({ env, callLab: { callers: () => [somebody], ring: nobodyRings } });
  [ada, eve] = [await api.person(MARK), await api.person('Eve')];
  // On a plan that includes all there is.
  for (const { workspaceId } of [ada, eve]) await subscribe(api.database.root, workspaceId);
  const worldOf = async (person: Person, mark: string) => ({
    ...(await fillWorkspace(api.database.root, person.workspaceId, mark)),
    Workspace: person.workspaceId,
    User: person.userId,
  });
  [adas, eves] = [await worldOf(ada, MARK), await worldOf(eve, 'Eve')];
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await carrier[Symbol.asyncDispose]();
});

const objectTypes = Object.values(schema.getTypeMap()).filter((type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'));
const isNode = (type: GraphQLObjectType) => type.getInterfaces().some(({ name }) => name === 'Node');
const isRoot = ({ name }: GraphQLObjectType) => ['Query', 'Mutation', 'Subscription'].includes(name);
const nodeTypes = objectTypes.filter(isNode);

/** Every field of a type; of other nodes only who they are. What is met is noted. */
function everyField(type: GraphQLObjectType, met: Set<string>): string {
  const fields = Object.values(type.getFields()).map((field) => {
    met.add(`${type.name}.${field.name}`);
    const args = ARGUMENTS[`${type.name}.${field.name}`];
    const called = args ? `${field.name}(${args})` : field.name;
    const inner = getNamedType(field.type);
    if (isLeafType(inner)) return called;
    if (isInterfaceType(inner)) return `${called} { __typename id }`;
    if (!isObjectType(inner)) throw new Error(`${type.name}.${field.name}: a kind of type that the walk does not know`);
    return `${called} { __typename ${isNode(inner) ? 'id' : everyField(inner, met)} }`;
  });
  return fields.join(' ');
}

const ask = (query: string, person: Person, variables: object = {}) => api.post({ query, variables }, person).then(({ result }) => result);
const nodeQuery = (type: GraphQLObjectType, met = new Set<string>()) =>
  `query ($id: ID!) { node(id: $id) { __typename id ... on ${type.name} { ${everyField(type, met)} } } }`;

describe('a row of another workspace', () => {
  it.each(nodeTypes.map((type) => [type.name, type] as const))('is not there: %s', async (name, type) => {
    const id = adas[name];
    if (!id) throw new Error(`no ${name} in the world: make one in test/support/world.ts`);
    const variables = { id: nodeId(name, id) };
    const own = await ask(nodeQuery(type), ada, variables);
    expect(own.errors).toBeUndefined();
    expect(own.data?.node).toMatchObject({ __typename: name, id: variables.id });
    expect((await ask(nodeQuery(type), eve, variables)).data).toEqual({ node: null });
    expect((await ask('query ($id: ID!) { nodes(ids: [$id]) { id } }', eve, variables)).data).toEqual({ nodes: [null] });
    const nobody = await api.post({ query: nodeQuery(type), variables });
    expect(nobody.result.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('keeps its place among ids that are found', async () => {
    const ids = [nodeId('Call', adas.Call ?? ''), nodeId('Call', eves.Call ?? ''), 'no id', nodeId('Assistant', eves.Assistant ?? '')];
    const { data } = await ask('query ($ids: [ID!]!) { nodes(ids: $ids) { __typename } }', eve, { ids });
    expect(data).toEqual({ nodes: [null, { __typename: 'Call' }, null, { __typename: 'Assistant' }] });
  });

  it.each(['Membership', 'ToolCall', 'Session', 'RefreshToken', 'CarrierEvent', 'Query', 'Nothing', ''])('cannot be had as a %s', async (name) => {
    const row = await api.database.root.toolCall.findFirstOrThrow({ where: { workspaceId: ada.workspaceId } });
    for (const id of [nodeId(name, row.id), nodeId(name, '0')])
      expect((await ask('query ($id: ID!) { node(id: $id) { id } }', ada, { id })).data).toEqual({ node: null });
  });
});

describe('everything that can be reached', () => {
  it('belongs to who asks, field by field', async () => {
    const met = new Set<string>();
    const walk = async (person: Person, world: Record<string, string>) => {
      const answers = [];
      for (const type of nodeTypes) answers.push(await ask(nodeQuery(type, met), person, { id: nodeId(type.name, world[type.name] ?? '') }));
      for (const root of ROOTS) {
        const type = getNamedType(schema.getQueryType()?.getFields()[root]?.type);
        if (!isObjectType(type)) throw new Error(`${root} is no field of Query`);
        answers.push(await ask(`{ ${root} { ${everyField(type, met)} } }`, person));
      }
      expect(answers.flatMap(({ errors }) => errors ?? [])).toEqual([]);
      return JSON.stringify(answers);
    };
    expect(await walk(ada, adas)).toContain(MARK);
    const seen = await walk(eve, eves);
    expect(seen).not.toContain(MARK);
    for (const [name, id] of Object.entries(adas)) expect(seen).not.toContain(nodeId(name, id));

    const all = objectTypes
      .filter((type) => !isRoot(type) && !type.name.endsWith('Payload') && !(type.name in ELSEWHERE))
      .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`));
    expect(all.filter((field) => !met.has(field))).toEqual([]);
  });

  it('is named here, if it is asked for at the root', () => {
    expect(Object.keys(schema.getQueryType()?.getFields() ?? {}).sort()).toEqual([...ROOTS, ...STAFF_ROOTS, 'node', 'nodes'].sort());
  });

  it('is reached through an id, or acts in the active workspace', () => {
    const roots = [schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
      Object.keys(type?.getFields() ?? {}).map((field) => `${type?.name}.${field}`),
    );
    const withId = new Set(Object.keys(ID_ARGUMENTS).map((path) => path.split('.').slice(0, 2).join('.')));
    expect(roots.filter((root) => !withId.has(root)).sort()).toEqual(Object.keys(WITHOUT_ID).sort());
  });
});

/** The coordinates of all arguments of type ID, those in inputs of inputs too. */
function idArguments(): string[] {
  const inside = (at: string, argument: GraphQLArgument | GraphQLInputField): string[] => {
    const type = getNamedType(argument.type);
    if (type.name === 'ID') return [at];
    return isInputObjectType(type) ? Object.values(type.getFields()).flatMap((field) => inside(`${at}.${field.name}`, field)) : [];
  };
  return objectTypes.flatMap((type) =>
    Object.values(type.getFields()).flatMap((field) => field.args.flatMap((argument) => inside(`${type.name}.${field.name}.${argument.name}`, argument))),
  );
}

describe('an id of another workspace as an argument', () => {
  it('is tried wherever an id can be given', () => {
    expect(idArguments().sort()).toEqual([...Object.keys(ID_ARGUMENTS), ...NODE_ARGUMENTS, ...STAFF_ARGUMENTS].sort());
  });

  it.each(Object.entries(ID_ARGUMENTS))('names nothing: %s', async (path, row) => {
    const [parent = '', field = '', argument = '', key] = path.split('.');
    const foreign = nodeId(row.type, adas[row.type] ?? '');
    const own = (value: unknown) => (typeof value === 'string' && value.startsWith('own ') ? nodeId(value.slice(4), eves[value.slice(4)] ?? '') : value);
    const input = Object.fromEntries(Object.entries(row.input ?? {}).map(([name, value]) => [name, own(value)]));
    const args = { ...row.args, [argument]: key ? { ...input, [key]: foreign } : foreign };

    const before = JSON.stringify(await rowsOf(ada));
    const answer = row.upload ? await answerToFile(field, input, { key: key ?? '', id: foreign, file: row.upload }) : await answerTo(parent, field, args);
    if (row.finds === 'nothing') expect(answer).toEqual([]);
    else expect(answer).toBe('NOT_FOUND');
    expect(JSON.stringify(await rowsOf(ada))).toBe(before);
  });

  /** The code of the refusal, or what was found. */
  async function answerTo(parent: string, field: string, args: Record<string, unknown>): Promise<unknown> {
    const type = schema.getType(parent);
    const definition = isObjectType(type) ? type.getFields()[field] : undefined;
    if (!definition) throw new Error(`${parent}.${field} is not in the schema`);
    const used = definition.args.filter(({ name }) => name in args);
    const variables = used.map(({ name, type }) => `$${name}: ${type}`).join(', ');
    const called = `${field}(${used.map(({ name }) => `${name}: $${name}`).join(', ')})`;
    if (parent === 'Subscription') {
      await using stream = api.subscribe({ toString: () => `subscription (${variables}) { ${called} { __typename } }` }, args, { ...eve, over: 'ws' });
      const [first] = await take(stream, 1);
      return first?.errors?.[0]?.extensions.code;
    }
    if (parent === 'Mutation') {
      const { data, errors } = (await ask(`mutation (${variables}) { ${called} { errors { code } } }`, eve, args)) as ApiResult<
        Record<string, { errors: { code: string }[] }>
      >;
      return errors?.[0]?.extensions.code ?? data?.[field]?.errors[0]?.code;
    }
    const inList = isListType(getNullableType(definition.type));
    const { data, errors } = await ask(`query (${variables}) { workspace { ${called} { ${inList ? 'id' : 'edges { node { id } }'} } } }`, eve, args);
    expect(errors).toBeUndefined();
    const { [field]: found } = Object(data?.workspace);
    return inList ? found : found.edges;
  }

  /** The same for a mutation that takes a file, as a browser sends it. */
  async function answerToFile(field: string, input: object, { key, id, file }: { key: string; id: string; file: string }): Promise<unknown> {
    const type = schema.getMutationType()?.getFields()[field]?.args[0]?.type;
    const query = `mutation ($input: ${type}) { ${field}(input: $input) { errors { code } } }`;
    const form = new FormData();
    form.set('operations', JSON.stringify({ query, variables: { input: { ...input, [key]: id, [file]: null } } }));
    form.set('map', JSON.stringify({ 0: [`variables.input.${file}`] }));
    form.set('0', new File(['Phone\n+12025550143\n'], 'people.csv', { type: 'text/csv' }));
    const headers = { authorization: `Bearer ${eve.token}`, 'x-graphql-yoga-csrf': '1' };
    const { data } = await (await fetch(api.url, { method: 'POST', body: form, headers })).json();
    return data?.[field]?.errors[0]?.code;
  }

  const rowsOf = ({ workspaceId }: Person) => {
    const { root } = api.database;
    const where = { where: { workspaceId } };
    return Promise.all([
      root.assistant.findMany(where),
      root.phoneLine.findMany(where),
      root.call.findMany(where),
      root.message.findMany(where),
      root.booking.findMany(where),
      root.scheduledCall.findMany(where),
      root.survey.findMany(where),
      root.surveyContact.findMany(where),
    ]);
  };
});

describe('what happens in another workspace', () => {
  const happenings = {
    calls: (person: Person, world: Record<string, string>) => ({
      type: 'CallChanged' as const,
      workspaceId: person.workspaceId,
      callId: world.Call ?? '',
      version: 2,
    }),
    message: (person: Person, world: Record<string, string>) => ({
      type: 'MessageTaken' as const,
      workspaceId: person.workspaceId,
      callId: world.Call ?? '',
      messageId: world.Message ?? '',
    }),
    booking: (person: Person, world: Record<string, string>) => ({
      type: 'BookingChanged' as const,
      workspaceId: person.workspaceId,
      assistantId: world.Assistant ?? '',
      bookingId: world.Booking ?? '',
    }),
  };

  it.each(['calls', 'message', 'booking'] as const)('is not told: %s', async (field) => {
    const { root } = api.database;
    await using stream = api.subscribe({ toString: () => `subscription { ${field} { id } }` }, {}, { ...eve, over: 'ws' });
    const mine = nodeId(
      field === 'calls' ? 'Call' : field === 'message' ? 'Message' : 'Booking',
      eves[field === 'calls' ? 'Call' : field === 'message' ? 'Message' : 'Booking'] ?? '',
    );
    expect((await take(stream, 1))[0]?.data).toEqual({ [field]: { id: mine } });

    await api.app.events.announce([happenings[field](ada, adas)]);
    // Even a message on the wrong topic, with a foreign id, finds no row.
    await api.app.events.announce([happenings[field](eve, adas)]);
    await root.call.update({ where: { id: eves.Call ?? '' }, data: { version: { increment: 1 } } });
    await root.booking.update({ where: { id: eves.Booking ?? '' }, data: { updatedAt: new Date() } });
    const another = { id: `${eves.Message}`.replace(/.$/, 'x'), workspaceId: eve.workspaceId, callId: eves.Call ?? '', body: 'Eve', createdAt: new Date() };
    if (field === 'message') await root.message.create({ data: another });
    await api.app.events.announce([happenings[field](eve, { ...eves, ...(field === 'message' && { Message: another.id }) })]);
    expect((await take(stream, 1))[0]?.data).toEqual({ [field]: { id: field === 'message' ? nodeId('Message', another.id) : mine } });
  });
});

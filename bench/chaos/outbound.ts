import { encodeNodeId } from '../../src/graphql/node-ids.ts';
import type { Deployment } from './deployment.ts';
import type { Business } from './town.ts';

const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { session { accessToken } errors { message } } }';
const PLACE = 'mutation ($input: PlaceCallInput!) { placeCall(input: $input) { call { id } errors { code message } } }';

/** Somebody who has calls placed, over the API and impatiently: each three times at once, with the same key. */
export class Impatient {
  readonly #deployment: Deployment;
  readonly #business: Business;
  readonly #token: string;
  /** The numbers that were asked for, and what came of it. */
  readonly placed = new Map<string, string>();

  private constructor(deployment: Deployment, business: Business, token: string) {
    this.#deployment = deployment;
    this.#business = business;
    this.#token = token;
  }

  static async register(deployment: Deployment, business: Business): Promise<Impatient> {
    const input = { email: 'ada@example.com', password: 'correct horse battery', name: 'Ada' };
    const answer = await ask(deployment, REGISTER, { input });
    const user = await deployment.database.root.user.findUniqueOrThrow({ where: { email: input.email } });
    const { workspaceId } = business;
    await deployment.database.root.membership.updateMany({ where: { userId: user.id }, data: { workspaceId } });
    return new Impatient(deployment, business, String(Object(Object(answer.register).session).accessToken));
  }

  async place(to: string): Promise<void> {
    const input = { to, assistantId: encodeNodeId('Assistant', this.#business.assistantId), idempotencyKey: to };
    const asked = () => ask(this.#deployment, PLACE, { input }, this.#token).catch((error: unknown) => ({ placeCall: { errors: [{ code: String(error) }] } }));
    const answers = await Promise.all([asked(), asked(), asked()]);
    const words = answers.map(({ placeCall }) => String(Object(placeCall).errors?.[0]?.code ?? 'placed'));
    this.placed.set(to, words.find((word) => word === 'placed') ?? words[0] ?? 'unanswered');
  }
}

async function ask({ publicUrl }: Deployment, query: string, variables: object, token?: string): Promise<Record<string, unknown>> {
  const response = await fetch(`${publicUrl}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = Object(await response.json());
  if (!data) throw new Error(JSON.stringify(errors));
  return data;
}

import type { NumberPurchase, PhoneLine } from '../../generated/prisma/client.ts';
import { ok, type Problem, type Result, refuse, refused } from '../../kit/errors.ts';
import { parsePhoneNumber } from '../../kit/phone.ts';
import { SECOND } from '../../kit/time.ts';
import { type Carrier, CarrierUncertain } from '../../ports/carrier.ts';
import { NumberRejected, type OwnedNumber } from '../../ports/carrier-numbers.ts';
import { type LineScope, labelOf, NO_CARRIER, numberRefusal, numberUrls } from './line-scope.ts';
import { type Candidates, likely, only } from './number-candidates.ts';
import { type Reserved, reservePurchase } from './reserve-purchase.ts';
import { refusePurchase, settlePurchase } from './settle-purchase.ts';

export interface ProvisionNumber {
  /** As people write it: exactly this one. Without it one is chosen. */
  readonly phoneNumber?: string | null;
  /** ISO 3166-1 alpha-2; the workspace's own if left out. */
  readonly country?: string | null;
  /** Of the US or Canada: wished for, and its neighbours where it is sold out. */
  readonly areaCode?: string | null;
  /** Who is to answer it. */
  readonly assistantId?: string | null;
  /** The same key is the same number, however often it is asked for. */
  readonly idempotencyKey?: string | null;
  /** Only if the workspace has no line yet; else that line is answered. */
  readonly onlyFirst?: boolean;
}

const WAIT_MS = 20 * SECOND;
const LOOK_AGAIN_MS = SECOND / 4;

/**
 * Buys a telephone number. That it is to be bought is committed before the carrier is asked, and its id stands in the
 * number's label: asked twice, by two at once or after a crash, one number is bought, and none is lost.
 *
 * @returns the line. Problems: `NOT_FOUND` (the assistant), `INVALID` (the number), `CONFLICT` (somebody else has it, or
 *   the key was used for another), `PLAN_REQUIRED` and `LIMIT_REACHED`, `ILLEGAL_STATE` (no carrier, or suspended),
 *   `UPSTREAM_REJECTED` (the carrier's refusal, or its silence: then the number may appear among the lines by itself).
 */
export async function provisionPhoneNumber(scope: LineScope, input: ProvisionNumber): Promise<Result<PhoneLine>> {
  const { db, carrier } = scope;
  const [workspace, assistant] = await Promise.all([
    db.workspace.findUniqueOrThrow({ where: { id: db.$workspaceId } }),
    input.assistantId ? db.assistant.findFirst({ where: { id: input.assistantId, deletedAt: null } }) : null,
  ]);
  if (input.assistantId && !assistant) return refuse('NOT_FOUND', 'There is no such assistant.', ['input', 'assistantId']);
  if (!carrier) return refuse('ILLEGAL_STATE', NO_CARRIER);
  const country = input.country ?? workspace.country;
  const exact = input.phoneNumber ? parsePhoneNumber(input.phoneNumber, country) : null;
  if (input.phoneNumber && !exact) return refuse('INVALID', 'This is not a telephone number.', ['input', 'phoneNumber']);

  const before = exact ? null : await boughtBefore(scope, input);
  if (before) return before;
  const candidates = exact ? only(exact) : likely(carrier.numbers, { country, areaCode: input.areaCode ?? null });
  const first = await firstOf(candidates);
  if (!first.ok) return first;
  const reserved = await reservePurchase(scope, {
    phoneNumber: first.value,
    exact: exact !== null,
    assistantId: assistant?.id ?? null,
    idempotencyKey: input.idempotencyKey ?? null,
    carrier: carrier.name,
    onlyFirst: input.onlyFirst ?? false,
  });
  if (!reserved.ok) return reserved;
  return reserved.value.state === 'mine' ? buy(scope, carrier, reserved.value.purchase, candidates) : outcomeOf(scope, reserved.value);
}

/** Spares the search where there is nothing to buy. */
async function boughtBefore(scope: LineScope, { idempotencyKey, onlyFirst }: ProvisionNumber): Promise<Result<PhoneLine> | null> {
  const purchase = idempotencyKey ? await scope.db.numberPurchase.findFirst({ where: { idempotencyKey, status: { not: 'REFUSED' } } }) : null;
  if (purchase) return outcomeOf(scope, { state: 'known', purchase });
  const line = onlyFirst
    ? await scope.db.phoneLine.findFirst({ where: { status: 'ACTIVE' }, orderBy: [{ isPrimary: 'desc' }, { provisionedAt: 'asc' }] })
    : null;
  return line && ok(line);
}

async function firstOf(candidates: Candidates): Promise<Result<string>> {
  try {
    const next = await candidates.next();
    return next.done ? refused(next.value) : ok(next.value);
  } catch (error) {
    return failed(error);
  }
}

function failed(error: unknown): Result<never> {
  if (error instanceof NumberRejected) return refused(numberRefusal(error));
  if (error instanceof CarrierUncertain) return refuse('UPSTREAM_REJECTED', 'The carrier does not answer at the moment. Try again in a minute.');
  throw error;
}

/** Orders the reserved number and, where it is gone, the next candidates. */
async function buy(scope: LineScope, carrier: Carrier, purchase: NumberPurchase, candidates: Candidates): Promise<Result<PhoneLine>> {
  const give = async (problem: Problem) => {
    await refusePurchase(scope, purchase.id, problem.message);
    return refused(problem);
  };
  for (let phoneNumber = purchase.phoneNumber; ; ) {
    try {
      const order = { phoneNumber, label: labelOf(purchase.id), ...numberUrls(scope.config.publicUrl, carrier.path) };
      return await settled(scope, purchase, await carrier.numbers.buy(order));
    } catch (error) {
      if (error instanceof CarrierUncertain) return lookFor(scope, carrier, purchase, error);
      if (!(error instanceof NumberRejected)) throw error;
      scope.logger.warn({ purchaseId: purchase.id, code: error.code, kind: error.kind }, 'the carrier refused to sell a number');
      if (error.kind !== 'gone') return give(numberRefusal(error));
    }
    const next = await firstOf(candidates);
    if (!next.ok) return give(next.problems[0] ?? { code: 'CONFLICT', message: 'There is no number to be had.' });
    phoneNumber = next.value;
    // As before the first: what is ordered stands in the row, and since when.
    const { count } = await scope.db.numberPurchase.updateMany({
      where: { id: purchase.id, status: 'PENDING' },
      data: { phoneNumber, createdAt: scope.clock.now() },
    });
    if (count === 0) return refuse('CONFLICT', 'The order took too long and was given up. Try again.');
  }
}

async function settled(scope: LineScope, purchase: NumberPurchase, number: OwnedNumber): Promise<Result<PhoneLine>> {
  const line = await settlePurchase(scope, purchase.id, number);
  return line ? ok(line) : refuse('CONFLICT', 'The order was given up meanwhile, and the number is given back. Try again.');
}

/** No answer came. The number may be listed already; else it is looked for until that is known (reconcile-purchases.ts). */
async function lookFor(scope: LineScope, carrier: Carrier, purchase: NumberPurchase, uncertain: CarrierUncertain): Promise<Result<PhoneLine>> {
  scope.logger.warn({ purchaseId: purchase.id, err: uncertain }, 'the carrier did not say whether it sold a number');
  const [number] = await carrier.numbers.listOwned({ label: labelOf(purchase.id) }).catch((error: unknown) => {
    if (error instanceof CarrierUncertain || error instanceof NumberRejected) return [];
    throw error;
  });
  return number ? settled(scope, purchase, number) : UNCERTAIN;
}

const UNCERTAIN = refuse(
  'UPSTREAM_REJECTED',
  'The carrier did not say whether it sold the number. We are finding out: if it did, the number appears among your lines within a few minutes.',
);

/** What came of a purchase that somebody else makes or has made; waits for it a little. */
async function outcomeOf(scope: LineScope, reserved: Exclude<Reserved, { state: 'mine' }>): Promise<Result<PhoneLine>> {
  if (reserved.state === 'held') return ok(reserved.line);
  let { purchase } = reserved;
  const since = scope.clock.monotonicMs();
  while (purchase.status === 'PENDING' && scope.clock.monotonicMs() - since < WAIT_MS) {
    await scope.clock.sleep(LOOK_AGAIN_MS);
    purchase = await scope.db.numberPurchase.findUniqueOrThrow({ where: { id: purchase.id } });
  }
  if (purchase.status === 'REFUSED') return refuse('UPSTREAM_REJECTED', purchase.error ?? 'The carrier refused to sell the number.');
  if (purchase.status === 'PENDING')
    return refuse('CONFLICT', 'The number is being bought. It appears among your lines in a few minutes, or can be ordered again then.');
  return ok(await scope.db.phoneLine.findUniqueOrThrow({ where: { id: purchase.phoneLineId ?? '' } }));
}

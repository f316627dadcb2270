import type { TenantDb } from '../../../db/tenant.ts';
import type { Clock } from '../../../kit/clock.ts';
import { newId } from '../../../kit/ids.ts';
import { type Charge, type CostItem, charge, type PriceList, textQuantities } from './pricing.ts';

export interface CostScope {
  readonly db: Pick<TenantDb, 'callCost' | '$workspaceId'>;
  readonly clock: Clock;
  readonly config: { readonly prices: PriceList };
}

/** Whose figures a cost rests on. */
export type CostSource = 'carrier' | 'model' | 'price-list';

export interface Cost {
  readonly item: CostItem;
  /** In the item's unit: tokens, turns, or minutes. */
  readonly quantity: number;
  /** The same for every report of one thing: it is counted once for the call. */
  readonly key: string;
  readonly source: CostSource;
}

/** Writes down what something in a call cost, by the price list. Told again under the same key it changes nothing. */
export async function recordCosts(scope: CostScope, callId: string, costs: readonly Cost[]): Promise<void> {
  const rows = costs.map(({ item, quantity, key, source }) => costRow(scope, callId, { ...charge(scope.config.prices, item, quantity), key, source }));
  if (rows.length > 0) await scope.db.callCost.createMany({ data: rows, skipDuplicates: true });
}

/** Writes down what one request to the text model cost. @param key names the request. */
export async function recordTextUsage(
  scope: CostScope,
  { callId, key, usage }: { callId: string; key: string; usage: Parameters<typeof textQuantities>[0] },
): Promise<void> {
  await recordCosts(
    scope,
    callId,
    textQuantities(usage).map((used) => ({ ...used, key: `${key}:${used.item}`, source: 'model' as const })),
  );
}

export const costRow = (
  { db, clock }: Pick<CostScope, 'db' | 'clock'>,
  callId: string,
  cost: Omit<Charge, 'item'> & { readonly item: string; readonly key: string; readonly source: CostSource },
) => ({ ...cost, id: newId(), workspaceId: db.$workspaceId, callId, createdAt: clock.now() });

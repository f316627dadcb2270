import type { RootDb } from '../../db/client.ts';
import type { Carrier } from '../../ports/carrier.ts';

/**
 * Has the carrier take a number back, unless it is a line after all.
 *
 * @throws NumberRejected | CarrierUncertain it is to be tried again.
 */
export async function giveBackNumber(
  { root, carrier }: { root: RootDb; carrier: Carrier | null },
  { carrierNumberId }: { carrierNumberId: string },
): Promise<void> {
  const line = await root.phoneLine.findUnique({ where: { carrierNumberId } });
  if (!carrier || (line && (line.status !== 'RELEASED' || line.carrier !== carrier.name))) return;
  await carrier.numbers.release(carrierNumberId);
}

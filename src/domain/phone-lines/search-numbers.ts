import { Fault } from '../../kit/errors.ts';
import { type Carrier, CarrierUncertain } from '../../ports/carrier.ts';
import { type CarrierAccountInfo, NumberRejected, type NumberSearch, type OfferedNumber } from '../../ports/carrier-numbers.ts';
import { NO_CARRIER } from './line-scope.ts';

/** Numbers on sale. @throws Fault UPSTREAM_UNAVAILABLE where there is no carrier, or none that answers. */
export async function searchNumbers({ carrier }: { carrier: Carrier | null }, query: NumberSearch): Promise<OfferedNumber[]> {
  if (!carrier) throw new Fault('UPSTREAM_UNAVAILABLE', NO_CARRIER, { service: 'carrier' });
  const offers = await carrier.numbers.search(query).catch(unavailable);
  return offers.filter(({ voice }) => voice);
}

/** Our account with the carrier, or null where none is configured. @throws Fault UPSTREAM_UNAVAILABLE */
export async function carrierAccount({ carrier }: { carrier: Carrier | null }): Promise<CarrierAccountInfo | null> {
  return carrier && carrier.numbers.account().catch(unavailable);
}

function unavailable(error: unknown): never {
  if (!(error instanceof NumberRejected || error instanceof CarrierUncertain)) throw error;
  const refused = error instanceof NumberRejected && error.kind === 'configuration';
  const message = refused ? 'The carrier refused our account.' : 'The carrier does not answer at the moment. Try again in a minute.';
  throw new Fault('UPSTREAM_UNAVAILABLE', message, { service: 'carrier' }, error);
}

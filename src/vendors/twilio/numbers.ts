import type { Twilio } from 'twilio';
import { z } from 'zod';
import { CarrierUncertain } from '../../ports/carrier.ts';
import { type CarrierNumbers, type NumberKind, NumberRejected, type NumberSearch, type OfferedNumber, type OwnedNumber } from '../../ports/carrier-numbers.ts';
import { twilioFailure } from './rejections.ts';

/** Twilio's error codes by what they mean to an order. @see https://www.twilio.com/docs/api/errors */
const KINDS: Readonly<Record<string, NumberRejected['kind']>> = {
  21422: 'gone',
  21452: 'gone',
  21421: 'invalid',
  21615: 'address-required',
  21631: 'address-required',
  21649: 'bundle-required',
  21404: 'account-limit',
  10004: 'busy-account',
  20429: 'busy-account',
  10001: 'configuration',
  20003: 'configuration',
  20005: 'configuration',
};

const HTTP_KINDS: Readonly<Record<number, NumberRejected['kind']>> = { 401: 'configuration', 403: 'configuration', 429: 'busy-account' };

/** What Twilio charges a month for a number of the US or Canada, in millionths of a US dollar; elsewhere it differs too much to guess. */
const MONTHLY_COST_MICROS: Readonly<Record<NumberKind, number>> = { LOCAL: 1_150_000, TOLL_FREE: 2_150_000, MOBILE: 1_150_000 };
const TOLL_FREE = /^\+18(00|33|44|55|66|77|88)/;
const MOST_NUMBERS_A_PAGE = 1_000;

const text = z.string().nullish().catch(null);
/** Live answers have been seen with names in capitals and with strings for booleans. */
const capabilities = z
  .record(z.string(), z.union([z.boolean(), z.string()]))
  .catch({})
  .transform((named) => {
    const able = new Set(Object.entries(named).flatMap(([name, value]) => (String(value) === 'true' ? [name.toLowerCase()] : [])));
    return { voice: able.has('voice'), sms: able.has('sms') };
  });
const offered = z.object({
  phoneNumber: z.string().regex(/^\+[1-9]\d{6,14}$/),
  locality: text,
  region: text,
  isoCountry: text,
  addressRequirements: text,
  capabilities,
});
const owned = z.object({ sid: z.string().regex(/^PN[0-9a-fA-F]{32}$/), phoneNumber: z.string(), friendlyName: text, voiceUrl: text });
const account = z.object({ sid: z.string(), friendlyName: text, status: z.string() });

/** Twilio's shop for numbers: AvailablePhoneNumbers, IncomingPhoneNumbers and Accounts of the REST API 2010-04-01. */
export function twilioNumbers(accountSid: string, client: () => Promise<Twilio>): CarrierNumbers {
  return {
    async search(query) {
      const { availablePhoneNumbers } = await client();
      const country = availablePhoneNumbers(query.country);
      const shelf = { LOCAL: country.local, TOLL_FREE: country.tollFree, MOBILE: country.mobile }[query.kind];
      // The SDK's three lists take the same parameters, and their types do not say so.
      const list = shelf.list.bind(shelf) as (parameters: object) => Promise<unknown[]>;
      try {
        return z
          .array(offered)
          .parse(await list(searchParameters(query)))
          .map((number) => offer(number, query));
      } catch (error) {
        if (twilioFailure(error).status === 404) return [];
        throw failure(error);
      }
    },

    async buy({ phoneNumber, label, voiceUrl, fallbackUrl, statusUrl }) {
      const { incomingPhoneNumbers } = await client();
      return asked(async () =>
        readOwned(await incomingPhoneNumbers.create({ phoneNumber, friendlyName: label, ...urlParameters({ voiceUrl, fallbackUrl, statusUrl }) })),
      );
    },

    async listOwned(query) {
      const { incomingPhoneNumbers } = await client();
      const parameters = { pageSize: MOST_NUMBERS_A_PAGE, ...(query && { friendlyName: query.label }) };
      const numbers = await asked(async () => (await incomingPhoneNumbers.list(parameters)).map(readOwned));
      return numbers.filter(({ label }) => !query || label === query.label);
    },

    async updateUrls(carrierNumberId, urls) {
      const { incomingPhoneNumbers } = await client();
      await asked(() => incomingPhoneNumbers(carrierNumberId).update(urlParameters(urls)));
    },

    async release(carrierNumberId) {
      const { incomingPhoneNumbers } = await client();
      try {
        await incomingPhoneNumbers(carrierNumberId).remove();
      } catch (error) {
        if (twilioFailure(error).status !== 404) throw failure(error);
      }
    },

    async account() {
      const { api } = await client();
      return asked(async () => {
        const { sid, friendlyName, status } = account.parse(await api.v2010.accounts(accountSid).fetch());
        return { accountId: sid, name: friendlyName ?? null, status };
      });
    },
  };
}

const searchParameters = ({ areaCode, region, contains, limit }: NumberSearch) => ({
  ...(areaCode && { areaCode: Number(areaCode) }),
  ...(region && { inRegion: region }),
  ...(contains && { contains }),
  voiceEnabled: true,
  limit,
  pageSize: limit,
});

const urlParameters = ({ voiceUrl, fallbackUrl, statusUrl }: { voiceUrl: string; fallbackUrl: string; statusUrl: string }) => ({
  voiceUrl,
  voiceMethod: 'POST',
  voiceFallbackUrl: fallbackUrl,
  voiceFallbackMethod: 'POST',
  statusCallback: statusUrl,
  statusCallbackMethod: 'POST',
});

const offer = (number: z.infer<typeof offered>, { country, kind }: NumberSearch): OfferedNumber => ({
  phoneNumber: number.phoneNumber,
  locality: number.locality || null,
  region: number.region || null,
  country: number.isoCountry || country,
  ...number.capabilities,
  needsAddress: number.addressRequirements !== 'none' && Boolean(number.addressRequirements),
  monthlyCostMicros: country === 'US' || country === 'CA' ? MONTHLY_COST_MICROS[kind] : null,
});

function readOwned(resource: unknown): OwnedNumber {
  const { sid, phoneNumber, friendlyName, voiceUrl } = owned.parse(resource);
  const monthlyCostMicros = phoneNumber.startsWith('+1') ? MONTHLY_COST_MICROS[TOLL_FREE.test(phoneNumber) ? 'TOLL_FREE' : 'LOCAL'] : null;
  return { carrierNumberId: sid, phoneNumber, label: friendlyName ?? '', voiceUrl: voiceUrl || null, monthlyCostMicros };
}

async function asked<T>(work: () => Promise<T>): Promise<T> {
  return work().catch((error: unknown) => {
    throw failure(error);
  });
}

/** An answer that is not what was asked for leaves us as wise as none. */
function failure(error: unknown): NumberRejected | CarrierUncertain {
  if (error instanceof z.ZodError) return new CarrierUncertain(`Twilio answered something else than was asked for: ${error.message}`);
  const { status, code, error: failed } = twilioFailure(error);
  if (failed instanceof CarrierUncertain) return failed;
  return new NumberRejected(failed.message, code, KINDS[code] ?? (status === null ? undefined : HTTP_KINDS[status]) ?? 'other', failed.cause);
}

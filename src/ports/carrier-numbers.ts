/**
 * The carrier's shop for telephone numbers, and what our account with it is. The carriers know no idempotency keys:
 * record the intent before an order leaves, give the number a label of its own, and after a `CarrierUncertain` look for
 * the label with `listOwned`.
 */
export interface CarrierNumbers {
  /** Numbers on sale that can be called, at most `limit`; none where the country has none of the kind. @throws NumberRejected | CarrierUncertain */
  search(query: NumberSearch): Promise<OfferedNumber[]>;
  /** Buys one number and points its calls at us. @throws NumberRejected nothing was bought. @throws CarrierUncertain it may have been. */
  buy(order: NumberOrder): Promise<OwnedNumber>;
  /** Everything that the account holds, or what has this label. @throws NumberRejected | CarrierUncertain */
  listOwned(query?: { label: string }): Promise<OwnedNumber[]>;
  /** Points the calls of a number that we hold at other addresses. @throws NumberRejected | CarrierUncertain */
  updateUrls(carrierNumberId: string, urls: NumberUrls): Promise<void>;
  /** Gives a number back, for good; one that we do not hold is no error. @throws NumberRejected | CarrierUncertain */
  release(carrierNumberId: string): Promise<void>;
  /** @throws NumberRejected | CarrierUncertain */
  account(): Promise<CarrierAccountInfo>;
}

export type NumberKind = 'LOCAL' | 'TOLL_FREE' | 'MOBILE';

export interface NumberSearch {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly kind: NumberKind;
  /** Of the US and Canada, e.g. `415`. */
  readonly areaCode?: string | undefined;
  /** A state or province of the US or Canada, e.g. `CA`. */
  readonly region?: string | undefined;
  /** Digits or letters that the number has in a row. */
  readonly contains?: string | undefined;
  readonly limit: number;
}

export interface OfferedNumber {
  /** E.164 */
  readonly phoneNumber: string;
  readonly locality: string | null;
  readonly region: string | null;
  readonly country: string;
  readonly voice: boolean;
  readonly sms: boolean;
  /** Whether the carrier sells it only with an address on file. */
  readonly needsAddress: boolean;
  /** Millionths of a US dollar a month; null where it is not known. */
  readonly monthlyCostMicros: number | null;
}

/** Where the carrier asks what to do with a call, asks again when that fails, and tells of its end. */
export interface NumberUrls {
  readonly voiceUrl: string;
  readonly fallbackUrl: string;
  readonly statusUrl: string;
}

export interface NumberOrder extends NumberUrls {
  /** E.164 */
  readonly phoneNumber: string;
  /** At most 64 characters; what it is found by again. */
  readonly label: string;
}

export interface OwnedNumber {
  readonly carrierNumberId: string;
  /** E.164 */
  readonly phoneNumber: string;
  readonly label: string;
  /** Where its calls go; null where nowhere. */
  readonly voiceUrl: string | null;
  /** Millionths of a US dollar a month; null where it is not known. */
  readonly monthlyCostMicros: number | null;
}

export interface CarrierAccountInfo {
  readonly accountId: string;
  readonly name: string | null;
  /** The carrier's word, e.g. `active`. */
  readonly status: string;
}

/** The carrier said no: nothing was bought or changed. */
export class NumberRejected extends Error {
  override readonly name = 'NumberRejected';
  /** The carrier's own code, e.g. `21422`. */
  readonly code: string;
  /**
   * - `gone`             somebody else has it, or there is none like it: another one may be had.
   * - `invalid`          it is no number that can be bought.
   * - `address-required` the country wants an address on file with the carrier.
   * - `bundle-required`  the country wants papers on file with the carrier.
   * - `account-limit`    the account may hold no more.
   * - `busy-account`     too much is asked of the carrier at the moment.
   * - `configuration`    the account is not what it should be: the key, its state.
   */
  readonly kind: 'gone' | 'invalid' | 'address-required' | 'bundle-required' | 'account-limit' | 'busy-account' | 'configuration' | 'other';

  constructor(message: string, code: string, kind: NumberRejected['kind'], cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.kind = kind;
  }
}

import { z } from 'zod';
import { provisionPhoneNumber } from '../../domain/phone-lines/provision-number.ts';
import { releasePhoneNumber } from '../../domain/phone-lines/release-line.ts';
import { carrierAccount, searchNumbers } from '../../domain/phone-lines/search-numbers.ts';
import { setPrimaryPhoneNumber } from '../../domain/phone-lines/set-primary-line.ts';
import type { PhoneLine as PhoneLineRow } from '../../generated/prisma/client.ts';
import { dollars } from '../../kit/money.ts';
import type { CarrierName } from '../../ports/carrier.ts';
import type { OfferedNumber } from '../../ports/carrier-numbers.ts';
import { builder } from '../builder.ts';
import { answer, payload } from '../errors.ts';
import { idOf, type NodeId } from '../node-ids.ts';
import { Money } from './money.ts';
import { Carrier, PhoneLine } from './phone-lines.ts';
import { Workspace } from './workspaces.ts';

const PhoneNumberKind = builder.enumType('PhoneNumberKind', {
  description: 'What kind of number it is.',
  values: {
    LOCAL: { description: 'Of a place.' },
    TOLL_FREE: { description: 'Free of charge for whoever calls it.' },
    MOBILE: { description: 'Of a mobile network.' },
  },
});

const AvailablePhoneNumber = builder.objectRef<OfferedNumber>('AvailablePhoneNumber').implement({
  description: 'A number that is on sale. Buy it with `provisionPhoneNumber`.',
  fields: (t) => ({
    phoneNumber: t.expose('phoneNumber', { type: 'PhoneNumber', description: 'The number.' }),
    locality: t.exposeString('locality', { nullable: true, description: 'The town that it belongs to, as the carrier calls it.' }),
    region: t.exposeString('region', { nullable: true, description: 'The state or province, e.g. `CA`.' }),
    country: t.exposeString('country', { description: 'ISO 3166-1 alpha-2, e.g. `US`.' }),
    voice: t.exposeBoolean('voice', { description: 'Whether it can be called.' }),
    sms: t.exposeBoolean('sms', { description: 'Whether it takes text messages.' }),
    needsAddress: t.exposeBoolean('needsAddress', { description: 'Whether it is sold only to accounts with an address on file with the carrier.' }),
    monthlyCost: t.field({
      type: Money,
      nullable: true,
      description: 'What the carrier charges for it a month; null where that is not known.',
      resolve: ({ monthlyCostMicros }) => (monthlyCostMicros === null ? null : dollars(monthlyCostMicros)),
    }),
  }),
});

interface CarrierAccountShape {
  readonly carrier: CarrierName;
  readonly accountId: string;
  readonly name: string | null;
  readonly status: string;
  readonly developmentMode: boolean;
  readonly sharedNumber: string | null;
}

const CarrierAccount = builder.objectRef<CarrierAccountShape>('CarrierAccount').implement({
  description: 'The account with the telephone carrier that calls are placed with.',
  fields: (t) => ({
    carrier: t.expose('carrier', { type: Carrier, description: 'Which carrier it is.' }),
    accountId: t.exposeString('accountId', { description: "The carrier's own id of the account; empty where none is configured." }),
    name: t.exposeString('name', { nullable: true, description: 'What the account is called there.' }),
    status: t.exposeString('status', { description: "The carrier's word for its state, e.g. `active`; `not-configured` where there is none." }),
    developmentMode: t.exposeBoolean('developmentMode', {
      description: 'Whether businesses without a line of their own call from the shared number too. Workspaces of the consumer platform always do.',
    }),
    sharedNumber: t.expose('sharedNumber', {
      type: 'PhoneNumber',
      nullable: true,
      description: 'The number that workspaces without a line call from. Whoever calls it back reaches the workspace that last called them, for 30 days.',
    }),
  }),
});

const searchArgs = {
  country: z.string().regex(/^[A-Z]{2}$/, 'A country is two capital letters, e.g. "US" (ISO 3166-1 alpha-2).'),
  areaCode: z
    .string()
    .regex(/^[2-9]\d{2}$/, 'An area code has three digits, e.g. "415".')
    .nullish(),
  contains: z
    .string()
    .regex(/^[0-9A-Za-z]{2,16}$/, 'Look for 2 to 16 digits or letters, e.g. "555" or "TAXI".')
    .nullish(),
  limit: z.number().int().min(1, 'Ask for 1 number at least.').max(50, 'Ask for 50 numbers at most.'),
};

builder.prismaObjectFields(Workspace, (t) => ({
  availablePhoneNumbers: t.field({
    type: [AvailablePhoneNumber],
    description: 'Numbers on sale that can be called. UPSTREAM_UNAVAILABLE where the carrier does not answer or none is configured.',
    complexity: 20,
    args: {
      country: t.arg.string({ defaultValue: 'US', required: true, validate: searchArgs.country, description: 'ISO 3166-1 alpha-2, e.g. `US`.' }),
      areaCode: t.arg.string({ validate: searchArgs.areaCode, description: 'Only of this area code; of the US and Canada alone, e.g. `415`.' }),
      contains: t.arg.string({ validate: searchArgs.contains, description: 'Only with these digits, or the letters on their keys, in a row: 2 to 16.' }),
      kind: t.arg({ type: PhoneNumberKind, defaultValue: 'LOCAL', required: true, description: 'Only of this kind.' }),
      limit: t.arg.int({ defaultValue: 10, required: true, validate: searchArgs.limit, description: 'At most this many, 1 to 50.' }),
    },
    resolve: async (_workspace, { country, kind, limit, areaCode, contains }, { app }) =>
      searchNumbers(app, { country, kind, limit, ...(areaCode && { areaCode }), ...(contains && { contains }) }),
  }),
  carrierAccount: t.field({
    type: CarrierAccount,
    description: 'The account with the telephone carrier. UPSTREAM_UNAVAILABLE where the carrier does not answer.',
    complexity: 20,
    resolve: async (_workspace, _args, { app }): Promise<CarrierAccountShape> => {
      const account = (await carrierAccount(app)) ?? { accountId: '', name: null, status: 'not-configured' };
      const { production, twilio } = app.config;
      return { ...account, carrier: app.carrier?.name ?? 'TWILIO', developmentMode: !production, sharedNumber: twilio?.phoneNumber ?? null };
    },
  }),
}));

interface ProvisionShape {
  phoneNumber?: string | null;
  country?: string | null;
  areaCode?: string | null;
  assistantId?: NodeId | null;
  idempotencyKey?: string | null;
}

const ProvisionPhoneNumberInput = builder.inputRef<ProvisionShape>('ProvisionPhoneNumberInput').implement({
  description: 'Which number to buy: one of `availablePhoneNumbers`, or any near a place.',
  validate: z.looseObject({
    country: searchArgs.country.nullish(),
    areaCode: searchArgs.areaCode,
    idempotencyKey: z.string().min(1, 'A key cannot be empty.').max(200, 'A key has 200 characters at most.').nullish(),
  }),
  fields: (t) => ({
    phoneNumber: t.field({ type: 'PhoneNumber', description: 'Exactly this number. Left out, one is chosen by area code and country.' }),
    country: t.string({ description: "ISO 3166-1 alpha-2, e.g. `US`; the workspace's own if left out." }),
    areaCode: t.string({ description: 'Of the US or Canada, e.g. `415`. Where it is sold out, the nearest one that is not.' }),
    assistantId: t.globalID({ description: 'Who is to answer it; nobody if left out.' }),
    idempotencyKey: t.string({
      description: 'Your own key for this purchase, at most 200 characters: asked for again with the same key, no second number is bought.',
    }),
  }),
});

const lineInput = (name: string, description: string) =>
  builder.inputRef<{ phoneLineId: NodeId }>(name).implement({
    description,
    fields: (t) => ({ phoneLineId: t.globalID({ required: true, description: 'The line.' }) }),
  });
const ReleasePhoneNumberInput = lineInput('ReleasePhoneNumberInput', 'Which number to give back.');
const SetPrimaryPhoneNumberInput = lineInput('SetPrimaryPhoneNumberInput', 'Which line to call from.');

const linePayload = (name: string, description: string) =>
  payload<{ phoneLine: PhoneLineRow }>(name, description, (t) => ({
    phoneLine: t.expose('phoneLine', { type: PhoneLine, nullable: true, description: 'The line as it is now.' }),
  }));
const ProvisionPhoneNumberPayload = linePayload('ProvisionPhoneNumberPayload', 'The new line, or why there is none.');
const ReleasePhoneNumberPayload = linePayload('ReleasePhoneNumberPayload', 'The released line, or why it is still held.');
const SetPrimaryPhoneNumberPayload = linePayload('SetPrimaryPhoneNumberPayload', 'The primary line, or why it is not.');

builder.mutationFields((t) => ({
  provisionPhoneNumber: t.field({
    type: ProvisionPhoneNumberPayload,
    description:
      'Buys a telephone number; its calls come here at once. Errors: INVALID, NOT_FOUND, CONFLICT (somebody else has it, or the key was used for another), PLAN_REQUIRED, LIMIT_REACHED, ILLEGAL_STATE, UPSTREAM_REJECTED.',
    args: { input: t.arg({ type: ProvisionPhoneNumberInput, required: true, description: 'Which number.' }) },
    resolve: async (_root, { input }, { scope }) =>
      answer(await provisionPhoneNumber(scope, { ...input, assistantId: idOf('Assistant', input.assistantId) }), (phoneLine) => ({ phoneLine })),
  }),
  releasePhoneNumber: t.field({
    type: ReleasePhoneNumberPayload,
    description:
      'Gives a number back, for good. It answers no more calls, its assistant is free, and another line becomes the primary one. Calls that are under way go on. Errors: NOT_FOUND.',
    args: { input: t.arg({ type: ReleasePhoneNumberInput, required: true, description: 'Which number.' }) },
    resolve: async (_root, { input }, { scope }) =>
      answer(await releasePhoneNumber(scope, { phoneLineId: idOf('PhoneLine', input.phoneLineId) }), (phoneLine) => ({ phoneLine })),
  }),
  setPrimaryPhoneNumber: t.field({
    type: SetPrimaryPhoneNumberPayload,
    description: 'Makes a line the one that calls are placed from. Errors: NOT_FOUND, ILLEGAL_STATE.',
    args: { input: t.arg({ type: SetPrimaryPhoneNumberInput, required: true, description: 'Which line.' }) },
    resolve: async (_root, { input }, { scope }) =>
      answer(await setPrimaryPhoneNumber(scope, { phoneLineId: idOf('PhoneLine', input.phoneLineId) }), (phoneLine) => ({ phoneLine })),
  }),
}));

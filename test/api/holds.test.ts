import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tenantDb } from '../../src/db/tenant.ts';
import { bookSlot } from '../../src/domain/bookings/book.ts';
import { holdSlot } from '../../src/domain/bookings/hold-slot.ts';
import { newId } from '../../src/kit/ids.ts';
import { graphql } from '../gql/gql.ts';
import { nodeId, type Person, type TestApi, take, testApi } from '../support/api.ts';

const OpenShop = graphql(`mutation OpenHoldShop($input: CreateAssistantInput!) {
  createAssistant(input: $input) { assistant { id closedDates specialHours { date opens closes } } errors { code path message } }
}`);
const CloseShop = graphql(`mutation CloseHoldShop($input: UpdateAssistantInput!) {
  updateAssistant(input: $input) { assistant { closedDates specialHours { date opens closes } } errors { code path } }
}`);
const Look = graphql(`query LookAtHolds($id: ID!, $call: ID!, $from: Date!, $to: Date!) {
  node(id: $id) { ... on Assistant { grid(from: $from, to: $to) { date opens closes slots { time isBooked remaining } } bookings(from: $from, to: $to) { id } } }
  call: node(id: $call) { ... on Call { bookings { id status } } }
  workspace { bookings(from: $from, to: $to) { id } }
}`);
const OpenAt = graphql(`query OpenAtSpecial($id: ID!, $at: DateTime) { node(id: $id) { ... on Assistant { isOpen(at: $at) } } }`);
const Bookings = graphql(`subscription HeldBookings { booking { id status customerName } }`);
const Create = graphql(`mutation BookHeld($input: CreateBookingInput!) { createBooking(input: $input) { booking { id } errors { code } } }`);

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const inDays = (days: number) => Temporal.Now.plainDateISO('UTC').add({ days }).toString();
const ALL_WEEK = (['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const).map((day) => ({
  day,
  opens: '09:00',
  closes: '11:00',
}));

async function shop(owner: Person, more: object = {}) {
  const { data } = await api.gql(OpenShop, { input: { name: 'Robin', timeZone: 'UTC', hours: ALL_WEEK, ...more } }, owner);
  return data?.createAssistant;
}

describe('a hold', () => {
  it('is full in the grid, and in no list and no subscription until it is a booking', async () => {
    const owner = await api.person('Holder');
    const assistant = (await shop(owner))?.assistant?.id ?? '';
    const assistantId = Buffer.from(assistant, 'base64url').toString().split(':')[1] ?? '';
    const { workspaceId } = owner;
    const { root } = api.database;
    const callId = newId();
    const numbers = { from: '+12025550142', to: '+12025550100' };
    await root.call.create({
      data: {
        id: callId,
        workspaceId,
        assistantId,
        direction: 'INBOUND',
        status: 'IN_PROGRESS',
        carrier: 'SIMULATED',
        ...numbers,
        plan: {},
        createdAt: new Date(),
      },
    });
    const app = { ...api.app, db: tenantDb(root, workspaceId) };
    const [date, startsAt] = [inDays(3), new Date(`${inDays(3)}T09:30:00Z`)];
    const look = async () => {
      const { data } = await api.gql(Look, { id: assistant, call: nodeId('Call', callId), from: date, to: date }, owner);
      const found = data?.node && 'grid' in data.node ? data.node : null;
      const call = data?.call && 'bookings' in data.call ? data.call.bookings : null;
      return {
        full: found?.grid[0]?.slots.filter((slot) => slot.isBooked).map((slot) => slot.time),
        listed: found?.bookings,
        call,
        all: data?.workspace?.bookings,
      };
    };
    await using stream = api.subscribe(Bookings, {}, { ...owner, over: 'ws' });
    const told = take(stream, 1);

    expect(await look()).toEqual({ full: [], listed: [], call: [], all: [] });
    const held = await holdSlot(app, { assistantId, callId, startsAt });
    expect(held.ok).toBe(true);
    expect(await look()).toEqual({ full: ['09:30'], listed: [], call: [], all: [] });
    const refused = await api.gql(Create, { input: { assistantId: assistant, startsAt: startsAt.toISOString(), customerName: 'Bob' } }, owner);
    expect(refused.data?.createBooking).toEqual({ booking: null, errors: [{ code: 'SLOT_TAKEN' }] });

    const booked = await bookSlot(app, { assistantId, callId, startsAt, customerName: 'Ada', bookedBy: 'ASSISTANT' });
    const id = nodeId('Booking', booked.ok ? booked.value.id : '');
    expect(await look()).toEqual({ full: ['09:30'], listed: [{ id }], call: [{ id, status: 'CONFIRMED' }], all: [{ id }] });
    expect((await told)[0]?.data?.booking).toEqual({ id, status: 'CONFIRMED', customerName: 'Ada' });
  });
});

describe('closed dates and special hours', () => {
  it('are kept in order, shape the slots, and count for isOpen', async () => {
    const owner = await api.person('Holiday');
    const specialHours = [
      { date: inDays(4), opens: '15:00', closes: '16:00' },
      { date: inDays(4), opens: '13:00', closes: '13:30' },
    ];
    const made = await shop(owner, { closedDates: [inDays(5), inDays(3), inDays(5)], specialHours });
    expect(made?.errors).toEqual([]);
    expect(made?.assistant).toMatchObject({ closedDates: [inDays(3), inDays(5)], specialHours: specialHours.toReversed() });
    const id = made?.assistant?.id ?? '';
    const { data } = await api.gql(Look, { id, call: id, from: inDays(2), to: inDays(5) }, owner);
    const grid = data?.node && 'grid' in data.node ? data.node.grid : [];
    expect(grid.map((day) => [day.opens, day.closes, day.slots.map((slot) => slot.time)])).toEqual([
      ['09:00', '11:00', ['09:00', '09:30', '10:00', '10:30']],
      [null, null, []],
      ['13:00', '16:00', ['13:00', '15:00', '15:30']],
      [null, null, []],
    ]);
    const open = async (at: string) => {
      const answer = (await api.gql(OpenAt, { id, at }, owner)).data?.node;
      return answer && 'isOpen' in answer ? answer.isOpen : undefined;
    };
    expect([await open(`${inDays(3)}T09:30:00Z`), await open(`${inDays(4)}T09:30:00Z`), await open(`${inDays(4)}T15:30:00Z`)]).toEqual([false, false, true]);

    const changed = await api.gql(CloseShop, { input: { id, closedDates: [] } }, owner);
    expect(changed.data?.updateAssistant.assistant).toEqual({ closedDates: [], specialHours: specialHours.toReversed() });
  });

  it('that overlap or end before they begin are refused with their path', async () => {
    const owner = await api.person('Mistaken');
    const date = inDays(4);
    const overlapping = [
      { date, opens: '09:00', closes: '12:00' },
      { date, opens: '11:00', closes: '13:00' },
    ];
    expect((await shop(owner, { specialHours: overlapping }))?.errors).toMatchObject([{ code: 'INVALID', path: ['input', 'specialHours', '1', 'opens'] }]);
    const closedDates = Array.from({ length: 367 }, (_, index) => inDays(index));
    expect((await shop(owner, { closedDates }))?.errors).toMatchObject([{ code: 'INVALID', path: ['input', 'closedDates'] }]);
  });
});

it('a new time zone keeps bookings at their instant, and their slots full', async () => {
  const owner = await api.person('Mover');
  const id = (await shop(owner))?.assistant?.id ?? '';
  const date = inDays(3);
  const { data } = await api.gql(Create, { input: { assistantId: id, startsAt: `${date}T09:30:00Z`, customerName: 'Ada' } }, owner);
  expect(data?.createBooking.errors).toEqual([]);
  // Half past nine in UTC is a quarter past three in Kathmandu, between two of its slots.
  const hours = ALL_WEEK.map((span) => ({ ...span, opens: '15:00', closes: '17:00' }));
  await api.gql(CloseShop, { input: { id, timeZone: 'Asia/Kathmandu', hours } }, owner);
  const seen = (await api.gql(Look, { id, call: id, from: date, to: date }, owner)).data;
  const grid = seen?.node && 'grid' in seen.node ? seen.node.grid : [];
  expect(grid[0]?.slots.map((slot) => `${slot.time}${slot.isBooked ? ' full' : ''}`)).toEqual(['15:00 full', '15:30 full', '16:00', '16:30']);
  const refused = await api.gql(Create, { input: { assistantId: id, startsAt: `${date}T09:15:00Z`, customerName: 'Bob' } }, owner);
  expect(refused.data?.createBooking.errors).toEqual([{ code: 'SLOT_TAKEN' }]);
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WEEKDAYS } from '../../src/domain/assistants/opening-hours.ts';
import { graphql } from '../gql/gql.ts';
import { nodeId, type Person, type TestApi, testApi } from '../support/api.ts';

const Create = graphql(`mutation CreateBooking($input: CreateBookingInput!) {
  createBooking(input: $input) {
    booking {
      id startsAt endsAt date time timeZone customerName customerPhone customerEmail details status calendarEventId calendarStatus createdAt
      assistant { name }
      call { id }
    }
    errors { __typename code message path ... on SlotTaken { alternatives { startsAt isBooked remaining time label } } }
  }
}`);
const Reschedule = graphql(`mutation RescheduleBooking($input: RescheduleBookingInput!) {
  rescheduleBooking(input: $input) { booking { id startsAt } errors { __typename code path } }
}`);
const Cancel = graphql(`mutation CancelBooking($id: ID!) { cancelBooking(input: { id: $id }) { booking { id status } errors { code path } } }`);
const Slots = graphql(`query Slots($id: ID!, $date: Date) {
  node(id: $id) { ... on Assistant { slots(date: $date) {
    date day timeZone opens closes slotMinutes
    slots { startsAt endsAt time label isBooked remaining }
  } } }
}`);
const Grid = graphql(`query Grid($id: ID!, $from: Date!, $to: Date!) {
  node(id: $id) { ... on Assistant { grid(from: $from, to: $to) { date slots { isBooked remaining } } bookings(from: $from, to: $to) { customerName } } }
}`);
const List = graphql(`query Bookings($from: Date!, $to: Date!, $assistantId: ID) {
  workspace { bookings(from: $from, to: $to, assistantId: $assistantId) { id customerName assistant { name } } }
}`);

const Open = graphql(`mutation OpenShop($input: CreateAssistantInput!) { createAssistant(input: $input) { assistant { id } } }`);

/** Somebody with an assistant that is open every morning in Kathmandu, whose clock is 45 minutes off. */
interface Shop extends Person {
  readonly assistantId: string;
  /** A date a few days from now. */
  readonly date: string;
  readonly dayAfter: string;
}

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const ALL_WEEK = WEEKDAYS.map((day) => ({ day, opens: '09:00', closes: '12:00' }));

async function shop(name: string): Promise<Shop> {
  const person = await api.person(name);
  const input = { name: 'Robin', timeZone: 'Asia/Kathmandu', hours: ALL_WEEK };
  const { data } = await api.gql(Open, { input }, person);
  const assistantId = data?.createAssistant.assistant?.id ?? '';
  const date = Temporal.Now.plainDateISO('Asia/Kathmandu').add({ days: 3 });
  return { ...person, assistantId, date: date.toString(), dayAfter: date.add({ days: 1 }).toString() };
}

async function slotsOf(owner: Shop, date: string | null = owner.date) {
  const { data } = await api.gql(Slots, { id: owner.assistantId, date }, owner);
  const found = data?.node && 'slots' in data.node ? data.node.slots : null;
  if (!found) throw new Error('no slots');
  return found;
}

const book = async (owner: Shop, startsAt: string, more: Record<string, unknown> = {}) => {
  const { data, errors } = await api.gql(Create, { input: { assistantId: owner.assistantId, startsAt, customerName: 'Sam Porter', ...more } }, owner);
  if (!data) throw new Error(JSON.stringify(errors));
  return data.createBooking;
};

describe('slots', () => {
  it('are those of a day on the clock of the assistant', async () => {
    const owner = await shop('Slots');
    const day = await slotsOf(owner);
    expect(day).toMatchObject({ date: owner.date, timeZone: 'Asia/Kathmandu', opens: '09:00', closes: '12:00', slotMinutes: 30 });
    expect(day.day).toBe(new Date(`${owner.date}T00:00:00Z`).toLocaleDateString('en-US', { weekday: 'long', timeZone: 'UTC' }).toUpperCase());
    expect(day.slots.map((slot) => slot.time)).toEqual(['09:00', '09:30', '10:00', '10:30', '11:00', '11:30']);
    expect(day.slots[1]).toMatchObject({
      startsAt: `${owner.date}T03:45:00.000Z`,
      isBooked: false,
      remaining: 1,
      label: expect.stringMatching(/^\w+day the \d+\w\w at half past nine$/),
    });
  });

  it('show what is booked, and are today’s when no date is given', async () => {
    const owner = await shop('Grid');
    const { booking } = await book(owner, `${owner.date}T03:15:00Z`);
    expect(booking?.time).toBe('09:00');
    const { data } = await api.gql(Grid, { id: owner.assistantId, from: owner.date, to: owner.dayAfter }, owner);
    const grid = data?.node && 'grid' in data.node ? data.node : null;
    expect(grid?.grid.map((day) => [day.date, day.slots.filter((slot) => slot.isBooked).length])).toEqual([
      [owner.date, 1],
      [owner.dayAfter, 0],
    ]);
    expect(grid?.bookings).toEqual([{ customerName: 'Sam Porter' }]);
    expect((await slotsOf(owner, null)).date).toBe(Temporal.Now.plainDateISO('Asia/Kathmandu').toString());
  });

  it('of too many days, or of days in the wrong order, are BAD_USER_INPUT', async () => {
    const owner = await shop('Range');
    for (const [from, to] of [
      ['2026-01-01', '2026-12-31'],
      ['2026-02-02', '2026-02-01'],
    ] as const) {
      const { errors } = await api.gql(Grid, { id: owner.assistantId, from, to }, owner);
      expect(errors?.map(({ extensions }) => extensions.code)).toContain('BAD_USER_INPUT');
    }
  });
});

describe('booking', () => {
  it('keeps all that is given', async () => {
    const owner = await shop('Book');
    const { booking, errors } = await book(owner, `${owner.date}T09:30:00+05:45`, {
      customerPhone: '+1 (202) 555-0101',
      customerEmail: 'Sam@Example.com',
      details: 'a trim',
    });
    expect(errors).toEqual([]);
    expect(booking).toMatchObject({
      startsAt: `${owner.date}T03:45:00.000Z`,
      endsAt: `${owner.date}T04:15:00.000Z`,
      date: owner.date,
      time: '09:30',
      timeZone: 'Asia/Kathmandu',
      customerName: 'Sam Porter',
      customerPhone: '+12025550101',
      customerEmail: 'sam@example.com',
      details: 'a trim',
      status: 'CONFIRMED',
      calendarEventId: null,
      calendarStatus: 'NOT_CONNECTED',
      assistant: { name: 'Robin' },
      call: null,
    });
  });

  it('of fifty at once for one slot books one, and the others are told what is free', async () => {
    const owner = await shop('Rush');
    const startsAt = `${owner.date}T04:15:00Z`;
    const answers = await Promise.all(Array.from({ length: 50 }, () => book(owner, startsAt)));
    expect(answers.filter(({ booking }) => booking)).toHaveLength(1);
    const refusals = answers.filter(({ booking }) => !booking).map(({ errors }) => errors[0]);
    expect(new Set(refusals.map((error) => error?.__typename))).toEqual(new Set(['SlotTaken']));
    const [refusal] = refusals;
    expect(refusal).toMatchObject({
      code: 'SLOT_TAKEN',
      path: ['input', 'startsAt'],
      message: expect.stringMatching(/^\w+day the \d+\w\w at ten is already taken\.$/),
    });
    const alternatives = refusal && 'alternatives' in refusal ? refusal.alternatives : [];
    expect(alternatives.map((slot) => slot.time)).toEqual(['09:00', '09:30', '10:30', '11:00', '10:00']);
    expect(alternatives.every((slot) => !slot.isBooked && slot.remaining === 1)).toBe(true);
    const { rows } = await api.database.pool.query('select count(*)::int as count from "Booking" where "startsAt" = $1 and "workspaceId" = $2', [
      startsAt,
      owner.workspaceId,
    ]);
    expect(rows).toEqual([{ count: 1 }]);
  });

  it('outside the hours, in the past and without a name is refused with a code', async () => {
    const owner = await shop('Refused');
    const codes = async (startsAt: string, more = {}) =>
      (await book(owner, startsAt, more)).errors.map(({ __typename, code, path }) => [__typename, code, path?.at(-1)]);
    expect(await codes(`${owner.date}T08:00:00Z`)).toEqual([['InvalidInput', 'OUTSIDE_HOURS', 'startsAt']]);
    expect(await codes('2020-01-01T03:15:00Z')).toEqual([['InvalidInput', 'INVALID', 'startsAt']]);
    expect(await codes(`${owner.date}T03:15:00Z`, { customerName: ' ' })).toEqual([['InvalidInput', 'INVALID', 'customerName']]);
  });

  it('with the assistant of another workspace is NOT_FOUND', async () => {
    const [mine, theirs] = [await shop('Mine'), await shop('Theirs')];
    const { booking, errors } = await book(mine, `${mine.date}T03:15:00Z`, { assistantId: theirs.assistantId });
    expect(booking).toBeNull();
    expect(errors).toMatchObject([{ code: 'NOT_FOUND', path: ['input', 'assistantId'] }]);
  });
});

describe('moving and canceling', () => {
  it('a booking moves to a free slot and not to a taken one', async () => {
    const owner = await shop('Move');
    const { booking } = await book(owner, `${owner.date}T03:15:00Z`);
    await book(owner, `${owner.date}T03:45:00Z`);
    const id = booking?.id ?? '';
    const taken = await api.gql(Reschedule, { input: { id, startsAt: `${owner.date}T03:45:00Z` } }, owner);
    expect(taken.data?.rescheduleBooking).toEqual({ booking: null, errors: [{ __typename: 'SlotTaken', code: 'SLOT_TAKEN', path: ['input', 'startsAt'] }] });
    const moved = await api.gql(Reschedule, { input: { id, startsAt: `${owner.date}T04:15:00Z` } }, owner);
    expect(moved.data?.rescheduleBooking).toEqual({ booking: { id, startsAt: `${owner.date}T04:15:00.000Z` }, errors: [] });
    expect((await slotsOf(owner)).slots.map((slot) => slot.isBooked)).toEqual([false, true, true, false, false, false]);
  });

  it('a canceled booking frees its slot; canceling it again changes nothing', async () => {
    const owner = await shop('Cancel');
    const { booking } = await book(owner, `${owner.date}T03:15:00Z`);
    const id = booking?.id ?? '';
    for (const _ of [1, 2]) {
      expect((await api.gql(Cancel, { id }, owner)).data?.cancelBooking).toEqual({ booking: { id, status: 'CANCELED' }, errors: [] });
    }
    expect((await book(owner, `${owner.date}T03:15:00Z`)).errors).toEqual([]);
    const moved = await api.gql(Reschedule, { input: { id, startsAt: `${owner.date}T04:15:00Z` } }, owner);
    expect(moved.data?.rescheduleBooking.errors).toMatchObject([{ code: 'ILLEGAL_STATE' }]);
  });

  it('of another workspace’s booking is NOT_FOUND, and leaves it as it is', async () => {
    const [mine, theirs] = [await shop('Here'), await shop('There')];
    const { booking } = await book(theirs, `${theirs.date}T03:15:00Z`);
    const id = booking?.id ?? '';
    expect((await api.gql(Cancel, { id }, mine)).data?.cancelBooking).toEqual({ booking: null, errors: [{ code: 'NOT_FOUND', path: ['input', 'id'] }] });
    expect((await api.gql(Cancel, { id: nodeId('Booking', 'nothing') }, mine)).data?.cancelBooking.errors).toMatchObject([{ code: 'NOT_FOUND' }]);
    const moved = await api.gql(Reschedule, { input: { id, startsAt: `${theirs.date}T04:15:00Z` } }, mine);
    expect(moved.data?.rescheduleBooking.errors).toMatchObject([{ code: 'NOT_FOUND', path: ['input', 'id'] }]);
    expect((await slotsOf(theirs)).slots[0]?.isBooked).toBe(true);
  });
});

it('the bookings of a workspace go by its own days, and by assistant where one is named', async () => {
  const owner = await shop('List');
  const { booking } = await book(owner, `${owner.date}T03:15:00Z`);
  const list = async (assistantId: string | null) => {
    // A quarter past three in the morning in UTC is the evening before in New York.
    const eve = Temporal.PlainDate.from(owner.date).subtract({ days: 1 }).toString();
    const { data } = await api.gql(List, { from: eve, to: eve, assistantId }, owner);
    return data?.workspace?.bookings;
  };
  const found = [{ id: booking?.id, customerName: 'Sam Porter', assistant: { name: 'Robin' } }];
  expect(await list(null)).toEqual(found);
  expect(await list(owner.assistantId)).toEqual(found);
  expect(await list(nodeId('Assistant', 'nothing'))).toEqual([]);
  expect(await list('nonsense')).toEqual([]);
});

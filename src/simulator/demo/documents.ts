import { z } from 'zod';

// What the demonstration asks of the API, with the shape of each answer.

const problems = z.array(z.object({ message: z.string() }));

export const HOUSE = {
  document: `query House {
    workspace { name assistants(first: 1) { edges { node { id name businessName timeZone phoneLine { phoneNumber } } } } }
    simulatedCallers { key name phoneNumber description }
  }`,
  shape: z.object({
    workspace: z.object({
      name: z.string(),
      assistants: z.object({
        edges: z.array(
          z.object({
            node: z.object({
              id: z.string(),
              name: z.string(),
              businessName: z.string().nullable(),
              timeZone: z.string(),
              phoneLine: z.object({ phoneNumber: z.string() }).nullable(),
            }),
          }),
        ),
      }),
    }),
    simulatedCallers: z.array(z.object({ key: z.string(), name: z.string(), phoneNumber: z.string(), description: z.string() })),
  }),
};

const started = z.object({ call: z.object({ id: z.string() }).nullable(), errors: problems });

export const RING = {
  document: 'mutation Ring($input: RingAssistantInput!) { started: ringAssistant(input: $input) { call { id } errors { message } } }',
  shape: z.object({ started }),
};

export const PLACE = {
  document: 'mutation Place($input: PlaceCallInput!) { started: placeCall(input: $input) { call { id } errors { message } } }',
  shape: z.object({ started }),
};

export const CALL = {
  document: 'subscription Follow($id: ID!) { call(id: $id) { status outcome endReason durationSeconds } }',
  shape: z.object({
    call: z.object({ status: z.string(), outcome: z.string().nullable(), endReason: z.string().nullable(), durationSeconds: z.number().nullable() }),
  }),
};

export const TRANSCRIPT = {
  document: `subscription Listen($id: ID!) {
    transcript(callId: $id, after: 0) { partial turn { sequence speaker text heardText interrupted } }
  }`,
  shape: z.object({
    transcript: z.object({
      partial: z.boolean(),
      turn: z.object({ sequence: z.number(), speaker: z.string(), text: z.string(), heardText: z.string(), interrupted: z.boolean() }),
    }),
  }),
};
export type Turn = z.infer<typeof TRANSCRIPT.shape>['transcript']['turn'];

export const BOOKING = {
  document: `subscription Bookings($assistantId: ID!) {
    booking(assistantId: $assistantId) { id date time timeZone customerName details status call { id } }
  }`,
  shape: z.object({
    booking: z.object({
      id: z.string(),
      date: z.string(),
      time: z.string(),
      timeZone: z.string(),
      customerName: z.string(),
      details: z.string().nullable(),
      status: z.string(),
      call: z.object({ id: z.string() }).nullable(),
    }),
  }),
};
export type Booked = z.infer<typeof BOOKING.shape>['booking'];

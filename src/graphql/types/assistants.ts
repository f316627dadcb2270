import {
  type AssistantChange,
  closedDatesOf,
  type Faq as FaqRow,
  faqsOf,
  hoursOf,
  type NewAssistant,
  openingTimesOf,
  specialHoursOf,
  type TONES,
} from '../../domain/assistants/assistant.ts';
import { createAssistant } from '../../domain/assistants/create-assistant.ts';
import { deleteAssistant } from '../../domain/assistants/delete-assistant.ts';
import {
  isOpen,
  type OpeningHours as OpeningHoursRow,
  type SpecialHours as SpecialHoursRow,
  type Weekday as WeekdayName,
} from '../../domain/assistants/opening-hours.ts';
import { updateAssistant } from '../../domain/assistants/update-assistant.ts';
import { VOICES, type Voice as VoiceRow, voiceOf } from '../../domain/assistants/voices.ts';
import type { Assistant as AssistantRow } from '../../generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { answer, payload } from '../errors.ts';
import { idOf, type NodeId } from '../node-ids.ts';
import { callHandlingInput } from './call-handling-input.ts';
import { Workspace } from './workspaces.ts';

export const Weekday = builder.enumType('Weekday', {
  description: 'A day of the week.',
  values: {
    MONDAY: { description: 'The first day: weeks begin on Monday.' },
    TUESDAY: { description: 'The second day.' },
    WEDNESDAY: { description: 'The third day.' },
    THURSDAY: { description: 'The fourth day.' },
    FRIDAY: { description: 'The fifth day.' },
    SATURDAY: { description: 'The sixth day.' },
    SUNDAY: { description: 'The last day.' },
  } satisfies Record<WeekdayName, { description: string }>,
});

export const Tone = builder.enumType('Tone', {
  description: 'How an assistant talks.',
  values: {
    FRIENDLY: { description: 'Warm and glad about the call.' },
    PROFESSIONAL: { description: 'Polite, calm and precise.' },
    CASUAL: { description: 'Relaxed and easy-going.' },
  } satisfies Record<(typeof TONES)[number], { description: string }>,
});

export const Voice = builder.objectRef<VoiceRow>('Voice').implement({
  description: 'A voice that an assistant speaks with.',
  fields: (t) => ({
    id: t.exposeString('id', { description: "The model's own name of the voice, e.g. `marin`." }),
    name: t.exposeString('name', { description: 'The name to show to people, e.g. `Marin`.' }),
    gender: t.exposeString('gender', { nullable: true, description: 'How it sounds: `female` or `male`; null where it is neither.' }),
  }),
});

const OpeningHours = builder.objectRef<OpeningHoursRow>('OpeningHours').implement({
  description: "One span of a day's opening hours. A day may have several; one without any is closed.",
  fields: (t) => ({
    day: t.field({ type: Weekday, description: 'The day of the week.', resolve: (hours) => hours.day }),
    opens: t.field({ type: 'LocalTime', description: "When it opens, in the assistant's time zone.", resolve: (hours) => hours.opens }),
    closes: t.field({
      type: 'LocalTime',
      description: "When it closes, in the assistant's time zone; `00:00` is the midnight that ends the day.",
      resolve: (hours) => hours.closes,
    }),
  }),
});

const SpecialHours = builder.objectRef<SpecialHoursRow>('SpecialHours').implement({
  description: 'One span of opening hours of a single date, in place of what the week says for it. A date may have several.',
  fields: (t) => ({
    date: t.field({ type: 'Date', description: "The date, in the assistant's time zone.", resolve: (hours) => hours.date }),
    opens: t.field({ type: 'LocalTime', description: "When it opens, in the assistant's time zone.", resolve: (hours) => hours.opens }),
    closes: t.field({
      type: 'LocalTime',
      description: "When it closes, in the assistant's time zone; `00:00` is the midnight that ends the day.",
      resolve: (hours) => hours.closes,
    }),
  }),
});

const Faq = builder.objectRef<FaqRow>('Faq').implement({
  description: 'A question that callers ask, and its answer.',
  fields: (t) => ({
    question: t.exposeString('question', { description: 'What callers ask.' }),
    answer: t.exposeString('answer', { description: 'What the assistant answers, in its own words.' }),
  }),
});

export const Assistant = builder.prismaNode('Assistant', {
  nullable: true,
  description: 'Somebody who answers the telephone: what it knows, how it talks, and when it takes appointments. A change shows in the next call.',
  id: { field: 'id', description: 'The global id of the assistant.' },
  select: { id: true, workspaceId: true, timeZone: true },
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What the assistant is called, e.g. `Robin`.' }),
    businessName: t.exposeString('businessName', {
      nullable: true,
      description: 'Whom callers have reached, e.g. `Harbour Hair`; null stands for the name of the workspace.',
    }),
    description: t.exposeString('description', { nullable: true, description: 'What the business is and does. The assistant knows it.' }),
    greeting: t.exposeString('greeting', { description: 'What it says first, word for word.' }),
    instructions: t.exposeString('instructions', {
      nullable: true,
      description: 'What the business asks of it, in plain words. Rules that protect callers stand above it.',
    }),
    voice: t.field({ type: Voice, select: { voice: true }, description: 'The voice it speaks with.', resolve: (assistant) => voiceOf(assistant.voice) }),
    tone: t.expose('tone', { type: Tone, description: 'How it talks.' }),
    language: t.exposeString('language', { description: 'The language it speaks: a BCP 47 tag, e.g. `en-US`.' }),
    timeZone: t.expose('timeZone', { type: 'TimeZone', description: 'Its own time zone. Its hours, its slots and every time it says are in it.' }),
    hours: t.field({
      type: [OpeningHours],
      select: { hours: true },
      description: 'When the business is open, from Monday on. Empty: it takes no appointments.',
      resolve: (assistant) => hoursOf(assistant),
    }),
    closedDates: t.field({
      type: ['Date'],
      select: { closedDates: true },
      description: 'Dates on which it is closed all day, such as holidays, in order.',
      resolve: (assistant) => closedDatesOf(assistant),
    }),
    specialHours: t.field({
      type: [SpecialHours],
      select: { specialHours: true },
      description: 'The hours of single dates, in place of those of the week, in order.',
      resolve: (assistant) => specialHoursOf(assistant),
    }),
    isOpen: t.boolean({
      select: { hours: true, closedDates: true, specialHours: true },
      description: 'Whether it is open at a moment.',
      args: { at: t.arg({ type: 'DateTime', description: 'The moment; now if left out.' }) },
      resolve: (assistant, { at }, { app }) => isOpen(openingTimesOf(assistant), assistant.timeZone, at ?? app.clock.now()),
    }),
    faqs: t.field({
      type: [Faq],
      select: { faqs: true },
      description: 'What callers ask, and what it answers; five at most.',
      resolve: (assistant) => faqsOf(assistant),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
  }),
});

builder.prismaObjectFields(Workspace, (t) => ({
  assistants: t.relatedConnection(
    'assistants',
    {
      cursor: 'id',
      totalCount: true,
      description: 'Its assistants, the oldest first. Deleted ones are not among them.',
      query: { where: { deletedAt: null }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] },
    },
    { name: 'AssistantConnection', description: 'One page of assistants.' },
    { name: 'AssistantEdge', description: 'One assistant of a page.' },
  ),
}));

builder.queryFields((t) => ({
  voices: t.field({
    type: [Voice],
    description: 'Every voice on offer. The aliases male, female, celeste, orion and phoenix are accepted on input too.',
    resolve: () => [...VOICES],
  }),
}));

const OpeningHoursInput = builder.inputRef<{ day: WeekdayName; opens: string; closes: string }>('OpeningHoursInput').implement({
  description: 'One span of opening hours. Spans of a day must not overlap.',
  fields: (t) => ({
    day: t.field({ type: Weekday, required: true, description: 'The day of the week.' }),
    opens: t.field({ type: 'LocalTime', required: true, description: "When it opens, in the assistant's time zone." }),
    closes: t.field({
      type: 'LocalTime',
      required: true,
      description: 'When it closes, later the same day. `00:00` is the midnight that ends the day; hours past midnight are a span of the next day.',
    }),
  }),
});

const SpecialHoursInput = builder.inputRef<{ date: string; opens: string; closes: string }>('SpecialHoursInput').implement({
  description: 'One span of opening hours of a single date. Spans of a date must not overlap.',
  fields: (t) => ({
    date: t.field({ type: 'Date', required: true, description: "The date, in the assistant's time zone." }),
    opens: t.field({ type: 'LocalTime', required: true, description: "When it opens, in the assistant's time zone." }),
    closes: t.field({ type: 'LocalTime', required: true, description: 'When it closes, later the same day. `00:00` is the midnight that ends the day.' }),
  }),
});

const FaqInput = builder.inputRef<{ question: string; answer: string }>('FaqInput').implement({
  description: 'A question that callers ask, and its answer.',
  fields: (t) => ({
    question: t.string({ required: true, description: 'What callers ask, 1 to 300 characters.' }),
    answer: t.string({ required: true, description: 'What the assistant answers, 1 to 1,000 characters.' }),
  }),
});

const CreateAssistantInput = builder.inputRef<NewAssistant>('CreateAssistantInput').implement({
  description: 'A new assistant. Everything but its name has a default.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'What the assistant is called, 1 to 80 characters.' }),
    businessName: t.string({ description: 'Whom callers have reached, at most 120 characters.' }),
    description: t.string({ description: 'What the business is and does, at most 2,000 characters.' }),
    greeting: t.string({ description: 'What it says first, word for word, at most 500 characters. Left out, it greets with the name of the business.' }),
    instructions: t.string({ description: 'What you ask of it, in plain words, at most 8,000 characters.' }),
    voice: t.string({ description: 'A voice of `Query.voices` by its id, or an alias: male, female, celeste, orion, phoenix. `marin` if left out.' }),
    tone: t.field({ type: Tone, description: 'How it talks; FRIENDLY if left out.' }),
    language: t.string({ description: 'The language it speaks: a BCP 47 tag; `en-US` if left out.' }),
    timeZone: t.field({ type: 'TimeZone', description: "Its own time zone; the workspace's if left out." }),
    hours: t.field({
      type: [OpeningHoursInput],
      description: 'When the business is open; Monday to Friday from 09:00 to 17:00 if left out. With an empty list it takes no appointments.',
    }),
    closedDates: t.field({ type: ['Date'], description: 'Dates on which it is closed all day, also where they have special hours; 366 at most.' }),
    specialHours: t.field({ type: [SpecialHoursInput], description: 'The hours of single dates, in place of those of the week; 366 spans at most.' }),
    faqs: t.field({ type: [FaqInput], description: 'What callers ask and what it answers; five at most.' }),
    ...callHandlingInput(t),
  }),
});

const CreateAssistantPayload = payload<{ assistant: AssistantRow }>('CreateAssistantPayload', 'The new assistant, or why there is none.', (t) => ({
  assistant: t.expose('assistant', { type: Assistant, nullable: true, description: 'The new assistant.' }),
}));

const UpdateAssistantInput = builder.inputRef<{ id: NodeId } & AssistantChange>('UpdateAssistantInput').implement({
  description: 'What to change of an assistant. What is left out stays.',
  fields: (t) => ({
    id: t.globalID({ required: true, description: 'The assistant to change.' }),
    name: t.string({ description: 'What the assistant is called, 1 to 80 characters.' }),
    businessName: t.string({ description: 'Whom callers have reached, at most 120 characters; null clears it.' }),
    description: t.string({ description: 'What the business is and does, at most 2,000 characters; null clears it.' }),
    greeting: t.string({ description: 'What it says first, word for word, at most 500 characters.' }),
    instructions: t.string({ description: 'What you ask of it, at most 8,000 characters; null clears it.' }),
    voice: t.string({ description: 'A voice by its id, or an alias: male, female, celeste, orion, phoenix.' }),
    tone: t.field({ type: Tone, description: 'How it talks.' }),
    language: t.string({ description: 'The language it speaks: a BCP 47 tag, e.g. `de`.' }),
    timeZone: t.field({ type: 'TimeZone', description: 'Its own time zone. Bookings that stand keep the moment they begin at.' }),
    hours: t.field({ type: [OpeningHoursInput], description: 'The whole week of opening hours, in place of those before. Bookings that stand are kept.' }),
    closedDates: t.field({
      type: ['Date'],
      description: 'All dates on which it is closed all day, in place of those before; 366 at most. Bookings that stand are kept.',
    }),
    specialHours: t.field({
      type: [SpecialHoursInput],
      description: 'All hours of single dates, in place of those before; 366 spans at most. Bookings that stand are kept.',
    }),
    faqs: t.field({ type: [FaqInput], description: 'All questions and answers, in place of those before; five at most.' }),
    ...callHandlingInput(t),
  }),
});

const UpdateAssistantPayload = payload<{ assistant: AssistantRow }>('UpdateAssistantPayload', 'The changed assistant, or why it was not changed.', (t) => ({
  assistant: t.expose('assistant', { type: Assistant, nullable: true, description: 'The assistant as it is now.' }),
}));

const DeleteAssistantInput = builder.inputRef<{ id: NodeId }>('DeleteAssistantInput').implement({
  description: 'Which assistant to delete.',
  fields: (t) => ({ id: t.globalID({ required: true, description: 'The assistant to delete.' }) }),
});

const DeleteAssistantPayload = payload<{ deletedId: NodeId }>('DeleteAssistantPayload', 'That the assistant is deleted, or why it is not.', (t) => ({
  deletedId: t.globalID({
    nullable: true,
    description: 'The id of the deleted assistant.',
    resolve: ({ deletedId }) => (deletedId ? { type: deletedId.typename, id: deletedId.id } : null),
  }),
}));

builder.mutationFields((t) => ({
  createAssistant: t.field({
    type: CreateAssistantPayload,
    description: 'Makes an assistant in the active workspace. Errors: INVALID, with the path of each field that cannot be taken.',
    args: { input: t.arg({ type: CreateAssistantInput, required: true, description: 'The new assistant.' }) },
    resolve: async (_root, { input }, { scope }) => answer(await createAssistant(scope, input), (assistant) => ({ assistant })),
  }),
  updateAssistant: t.field({
    type: UpdateAssistantPayload,
    description: 'Changes an assistant. Calls that are running keep it as it was. Errors: INVALID, NOT_FOUND.',
    args: { input: t.arg({ type: UpdateAssistantInput, required: true, description: 'What to change.' }) },
    resolve: async (_root, { input }, { scope }) =>
      answer(await updateAssistant(scope, { ...input, id: idOf('Assistant', input.id) }), (assistant) => ({ assistant })),
  }),
  deleteAssistant: t.field({
    type: DeleteAssistantPayload,
    description: 'Deletes an assistant. Its phone lines are free for another one; its calls and bookings stay. Errors: NOT_FOUND.',
    args: { input: t.arg({ type: DeleteAssistantInput, required: true, description: 'Which assistant.' }) },
    resolve: async (_root, { input }, { scope }) =>
      answer(await deleteAssistant(scope, { id: idOf('Assistant', input.id) }), (id) => ({ deletedId: { typename: 'Assistant', id } })),
  }),
}));

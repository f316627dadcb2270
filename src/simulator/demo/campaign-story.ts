import { type CampaignPerson, campaignPeople } from '../callers/campaign-people.ts';
import { VISIT_SURVEY } from '../callers/survey-people.ts';
import type { ApiClient } from './api-client.ts';
import { ADD_PEOPLE, LAUNCH, MAKE_SURVEY, PEOPLE, type Place, PROGRESS, type Progress, RESPONSES } from './campaign-documents.ts';
import type { Ink, Screen } from './terminal.ts';

type Stage = Screen & { paint(ink: Ink, text: string): string };

/** The clock of the story: what happens takes its time, and the hours in between take none. */
export interface StoryTime {
  now(): Date;
  skipTo(at: Date): void;
}

const AT_ONCE = 8;
const FINAL = ['DONE', 'EXHAUSTED', 'SUPPRESSED', 'INVALID', 'EXPIRED', 'CANCELED'];
/** Whoever is called within this time after the next is called with them. */
const TOGETHER_MS = 20 * 60_000;

/**
 * Tells a campaign of twenty simulated people to its end, by what the public API says, and holds what has become of each
 * against their script, to the answer.
 *
 * @throws Error where something else has become of somebody.
 */
export async function tellCampaign(client: ApiClient, stage: Stage, time: StoryTime, signIn: () => Promise<void>): Promise<void> {
  await signIn();
  const { made } = await client.ask(MAKE_SURVEY.document, { input: VISIT_SURVEY }, MAKE_SURVEY.shape);
  const surveyId = made.survey?.id;
  if (!surveyId) throw new Error(`There is no survey: ${words(made.errors)}`);
  const contacts = campaignPeople.map(({ caller }) => ({ phoneNumber: caller.number, name: caller.name, consent: 'EXPRESS' }));
  const { added } = await client.ask(ADD_PEOPLE.document, { input: { contacts, surveyId } }, ADD_PEOPLE.shape);
  if (added.errors.length > 0) throw new Error(words(added.errors));
  const input = { surveyId, maxConcurrentCalls: AT_ONCE, voicemailMessage: 'This is Harbour Hair. We will call you again about your visit. Goodbye.' };
  const { launched } = await client.ask(LAUNCH.document, { input }, LAUNCH.shape);
  const campaignId = launched.campaign?.id;
  if (!campaignId) throw new Error(`The campaign was not launched: ${words(launched.errors)}`);
  stage.write(
    '',
    stage.paint('bold', `A campaign: ${contacts.length} people are asked about ${VISIT_SURVEY.title}`),
    `  ${stage.paint('dim', launched.message ?? '')}`,
  );

  const places = await follow(client, stage, time, campaignId);
  await signIn();
  const { node } = await client.ask(RESPONSES.document, { id: surveyId }, RESPONSES.shape);
  const answers = new Map(node.responses.edges.map(({ node: { contact, answers: given } }) => [contact.phoneNumber, given]));
  const wrong = campaignPeople.filter((person) => !tellResult(stage, person, places.get(person.caller.number), answers.get(person.caller.number) ?? []));
  if (wrong.length > 0) throw new Error(`Something else has become of ${wrong.map(({ caller }) => caller.name).join(', ')} than their scripts say.`);
  stage.write(`  ${stage.paint('green', `✓ all ${campaignPeople.length} as their scripts say, to the answer`)}`);
}

/** Follows both subscriptions to the end, and skips the hours in which nobody is to be called. */
async function follow(client: ApiClient, stage: Stage, time: StoryTime, campaignId: string): Promise<Map<string, Place>> {
  const places = new Map<string, Place>();
  const settled = () => places.size === campaignPeople.length && [...places.values()].every(({ state }) => FINAL.includes(state));
  const people = (async () => {
    for await (const { campaignContact: place } of client.follow(PEOPLE.document, { campaignId }, PEOPLE.shape)) {
      const before = places.get(place.contact.phoneNumber);
      places.set(place.contact.phoneNumber, place);
      if (place.state !== before?.state && place.lastOutcome && place.state !== 'ACTIVE') stage.write(`  ${lineOf(stage, place)}`);
      skip(stage, time, places);
      if (settled()) return;
    }
  })();
  for await (const { campaignProgress: progress } of client.follow(PROGRESS.document, { campaignId }, PROGRESS.shape)) {
    stage.show([bar(stage, progress)]);
    if (progress.status === 'COMPLETED') stage.write(`  ${bar(stage, progress)}`, '');
    else if (progress.status !== 'RUNNING') throw new Error(`The campaign is ${progress.status.toLowerCase()}.`);
  }
  await people;
  return places;
}

/** Where everybody who is left waits for their time, it comes at once. */
function skip(stage: Stage, time: StoryTime, places: ReadonlyMap<string, Place>): void {
  const left = [...places.values()].filter(({ state }) => !FINAL.includes(state));
  const times = left.map(({ nextAttemptAt }) => (nextAttemptAt ? Date.parse(nextAttemptAt) : 0));
  const soonest = Math.min(...times);
  if (places.size < campaignPeople.length || left.length === 0 || soonest <= time.now().getTime()) return;
  const at = new Date(Math.max(...times.filter((each) => each <= soonest + TOGETHER_MS)));
  stage.write(
    `  ${stage.paint('dim', `… ${at.toLocaleString('en-US', { weekday: 'long', hour: 'numeric', minute: '2-digit', timeZone: 'America/New_York' })}`)}`,
  );
  time.skipTo(at);
}

const lineOf = (stage: Stage, { contact, state, attempts, lastOutcome, reason }: Place): string =>
  `${(contact.name ?? contact.phoneNumber).padEnd(22)} ${stage.paint(state === 'DONE' ? 'green' : 'yellow', said(lastOutcome).padEnd(15))} ${stage.paint('dim', `call ${attempts}: ${reason ?? ''}`)}`;

const bar = (stage: Stage, { total, completed, inProgress, failed, retrying, suppressed, percent, attempts, cost }: Progress): string =>
  stage.paint(
    'dim',
    `${String(percent).padStart(5)} %   ${completed} of ${total} done, ${inProgress} in a call, ${retrying} again later, ${suppressed} opted out, ${failed} not reached; ${attempts} calls, ${cost.formatted}`,
  );

type Given = { readonly questionKey: string; readonly status: string; readonly mapped: readonly string[] };

/** One line of the result, beside what the script says. @returns whether they are the same. */
function tellResult(stage: Stage, person: CampaignPerson, place: Place | undefined, answers: readonly Given[]): boolean {
  const given = Object.fromEntries(answers.map(({ questionKey, status, mapped }) => [questionKey, status === 'VALID' ? mapped : status]));
  const is = `${place?.state} ${place?.lastOutcome} ${place?.attempts} ${stored(given)}`;
  const script = `${person.state} ${person.lastOutcome} ${person.attempts} ${stored(person.answers)}`;
  const told = Object.values(given).map((value) => (typeof value === 'string' ? said(value) : value.join(' and ')));
  const columns = [person.caller.name.padEnd(22), said(place?.lastOutcome ?? null).padEnd(15), `${place?.attempts ?? 0}`.padStart(2), told.join(' | ')];
  stage.write(`  ${stage.paint(is === script ? 'green' : 'red', is === script ? '✓' : '✗')} ${columns.join(' ')}`);
  if (is !== script) stage.write(`      ${stage.paint('dim', `the script says ${script}; it is ${is}`)}`);
  return is === script;
}

const stored = (answers: Readonly<Record<string, readonly string[] | string>>): string =>
  JSON.stringify(Object.entries(answers).toSorted(([one], [other]) => (one < other ? -1 : 1)));
const said = (word: string | null): string => (word ?? 'never called').toLowerCase().replaceAll('_', ' ');
const words = (errors: readonly { readonly message: string }[]): string => errors.map(({ message }) => message).join(' ');

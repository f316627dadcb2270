import { expect, test } from 'vitest';
import { placeCall } from '../../src/domain/calls/dialing/place-call.ts';
import { openAiText } from '../../src/vendors/openai/text.ts';
import { callApp } from '../support/call-app.ts';
import { startOpenAiTextTwin } from '../support/openai-text-twin.ts';
import { voiceForm } from '../support/twilio-webhook.ts';

test('whoever is called in turns hears first that no person is calling; it counts once it was heard', async () => {
  await using twin = await startOpenAiTextTwin('sk-test');
  await using app = await callApp({ textModel: openAiText({ apiKey: 'sk-test', baseUrl: twin.url, model: 'gpt-4.1-mini' }) });
  await app.root.assistant.updateMany({ data: { engine: 'GATHER', language: 'de-DE' } });
  const placed = await placeCall(app, { to: '+12025550142', assistantId: app.assistant.id });
  const [carried] = app.twin.calls;
  if (!placed.ok || !carried) throw new Error('the call was not placed');
  const post = (url: string, more: Record<string, string> = {}) =>
    app.post(url.replace(app.config.publicUrl, ''), voiceForm(carried.sid, { Direction: 'outbound-api', CallStatus: 'in-progress', ...more }));

  const greeting = (await post(carried.url)).body;
  expect(greeting).toContain('Ich bin ein automatischer Assistent und rufe im Auftrag von Brightwater Dental an. Brightwater Dental, this is Mia.');
  const heardUrl = (/action="([^"]+)"/.exec(greeting)?.[1] ?? '').replaceAll('&amp;', '&');

  twin.script({ say: 'Gut.' });
  expect(await app.call(placed.value.id)).toMatchObject({ disclosedAt: null });
  app.clock.advance(30_000);
  await post(heardUrl, { SpeechResult: 'Ja, bitte?', Confidence: '0.9' });
  expect((await app.call(placed.value.id)).disclosedAt).toEqual(app.clock.now());
});

import { z } from 'zod';
import { SECOND } from '../../kit/time.ts';
import { TextModelError } from '../../ports/text-model.ts';
import type { Transcriber } from '../../ports/transcriber.ts';
import { type OpenAiAccount, openAiClient } from './client.ts';
import { openAiFailure } from './failures.ts';

const TIMEOUT_MS = 60 * SECOND;

/** The vendor knows a recording's format by its file name. */
const EXTENSIONS: Readonly<Record<string, string>> = { 'audio/mpeg': 'mp3', 'audio/mp3': 'mp3', 'audio/wav': 'wav', 'audio/x-wav': 'wav', 'audio/ogg': 'ogg' };

const transcription = z.object({ text: z.string() });

/** OpenAI's transcription of recordings. */
export function openAiTranscriber(options: OpenAiAccount & { readonly model: string }): Transcriber {
  const client = openAiClient(options);
  return {
    name: options.model,
    async transcribe({ audio, mediaType, language }, signal) {
      const [type = ''] = mediaType.split(';');
      const extension = EXTENSIONS[type.trim()];
      if (!extension) throw new TextModelError(`a recording of type ${mediaType} cannot be written down`, 'refused', 'media-type');
      const file = new File([new Uint8Array(audio)], `message.${extension}`, { type });
      const { audio: api } = await client();
      let answered: unknown;
      try {
        answered = await api.transcriptions.create(
          { file, model: options.model, language: new Intl.Locale(language).language, response_format: 'json' },
          { timeout: TIMEOUT_MS, signal: signal ?? null },
        );
      } catch (error) {
        throw openAiFailure(error);
      }
      const read = transcription.safeParse(answered);
      if (!read.success) throw new TextModelError('OpenAI answered something that is no transcription', 'unavailable', 'unreadable', read.error);
      return { text: read.data.text.trim() };
    },
  };
}

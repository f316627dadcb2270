import type { Clock } from '../../kit/clock.ts';
import type { ModelFaults, ModelTiming } from './faults.ts';
import { heardTokens, textTokens } from './usage.ts';

const WORD_MS = 15;

export interface TranscriberOptions {
  readonly clock: Clock;
  readonly timing: ModelTiming;
  readonly faults: ModelFaults;
  readonly send: (type: string, fields: object) => void;
  readonly signal: AbortSignal;
}

/** Writes down what the caller said, beside the conversation: some time after the turn, word by word, then whole. */
export async function transcribe(options: TranscriberOptions, turn: { itemId: string; text: string; speechMs: number; model: string }): Promise<void> {
  const { clock, timing, faults, send, signal } = options;
  const place = { item_id: turn.itemId, content_index: 0 };
  const prefix = 'conversation.item.input_audio_transcription';
  try {
    await clock.sleep(timing.transcriptionMs, signal);
    if (faults.failTranscriptions > 0) {
      faults.failTranscriptions -= 1;
      const error = { type: 'transcription_error', code: 'audio_unintelligible', message: 'The audio could not be transcribed.' };
      return send(`${prefix}.failed`, { ...place, error });
    }
    for (const [index, word] of turn.text.split(' ').entries()) {
      if (word === '') continue;
      send(`${prefix}.delta`, { ...place, delta: index > 0 ? ` ${word}` : word });
      await clock.sleep(WORD_MS, signal);
    }
  } catch {
    return; // the connection is gone
  }
  const audio = heardTokens(turn.speechMs);
  const written = textTokens(turn.text);
  const tokens = {
    type: 'tokens',
    total_tokens: audio + written,
    input_tokens: audio,
    input_token_details: { text_tokens: 0, audio_tokens: audio },
    output_tokens: written,
  };
  const usage = turn.model === 'whisper-1' ? { type: 'duration', seconds: turn.speechMs / 1_000 } : tokens;
  send(`${prefix}.completed`, { ...place, transcript: turn.text, usage });
}

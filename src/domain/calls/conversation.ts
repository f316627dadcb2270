import type { VoiceHistoryItem } from '../../ports/voice-model.ts';
import type { ToolCallRecord, TurnRecord } from './records.ts';

/** A person who took the call over is one of ours to the model. */
type SaidTurn = Pick<TurnRecord, 'sequence' | 'text' | 'heardText'> & { readonly speaker: TurnRecord['speaker'] | 'AGENT' };

/**
 * What a model is told of the call so far, when it takes it up or is asked for the next turn: the turns as they were heard, and each tool call with
 * its result and each note where they stood between them. A tool call without a result is left out: as far as anybody knows it did
 * not happen, and a tool that did act answers its repetition with what it did.
 */
export function conversation(turns: readonly SaidTurn[], toolCalls: readonly ToolCallRecord[]): VoiceHistoryItem[] {
  const items: VoiceHistoryItem[] = [];
  const finished = toolCalls.filter((call) => call.result !== null);
  const addTools = (from: number, to: number) => {
    for (const call of finished.filter(({ afterSequence }) => afterSequence >= from && afterSequence < to)) {
      items.push({ type: 'tool-call', callId: call.modelCallId, name: call.name, arguments: call.arguments });
      items.push({ type: 'tool-result', callId: call.modelCallId, output: call.result ?? '' });
    }
  };
  let sequence = 0;
  for (const turn of turns) {
    addTools(sequence, turn.sequence);
    sequence = turn.sequence;
    const text = turn.speaker === 'CALLER' ? turn.text : turn.heardText;
    if (turn.speaker === 'SYSTEM') items.push({ type: 'note', text: turn.text });
    else if (text) items.push({ type: turn.speaker === 'CALLER' ? 'caller' : 'assistant', text });
  }
  addTools(sequence, Number.POSITIVE_INFINITY);
  return items;
}

/** Whether the last word is not the assistant's: somebody waits for an answer. */
export const awaitsAnswer = (items: readonly VoiceHistoryItem[]): boolean => {
  const last = items.at(-1)?.type;
  return last === 'caller' || last === 'tool-result' || last === 'note';
};

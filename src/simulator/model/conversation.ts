import { heardText, type SpokenWord } from '../audio/modem.ts';
import { newModelId } from './ids.ts';
import type { Memory } from './memory.ts';
import type { NewItem } from './wire.ts';

/** An item as it is shown on the wire. */
export type WireItem = { id: string; object: 'realtime.item'; type: string; status: string } & Record<string, unknown>;

interface Stored {
  wire: WireItem;
  memory: Memory;
  /** Only of spoken answers: what was made of them so far. */
  speech?: { words: readonly SpokenWord[]; producedMs: number };
}

export type Truncation = { readonly ok: true; readonly producedMs: number; readonly remembered: string } | { readonly ok: false; readonly message: string };

/** The items of one conversation in order, and what the model remembers of each. */
export class Conversation {
  readonly id = newModelId('conv');
  readonly #items: Stored[] = [];

  get memory(): Memory[] {
    return this.#items.map((item) => item.memory);
  }

  find(id: string): WireItem | null {
    return this.#items.find((item) => item.wire.id === id)?.wire ?? null;
  }

  get lastId(): string | null {
    return this.#items.at(-1)?.wire.id ?? null;
  }

  /** The item in front of another one. */
  before(id: string): string | null {
    return this.#items[this.#items.findIndex(({ wire }) => wire.id === id) - 1]?.wire.id ?? null;
  }

  hasToolCall(callId: string): boolean {
    return this.#items.some(({ memory }) => memory.type === 'tool-call' && memory.callId === callId);
  }

  /** The caller's spoken turn. @returns the item and the one before it. */
  addSpeech(id: string, text: string): { wire: WireItem; previousId: string | null } {
    const wire: WireItem = { id, object: 'realtime.item', type: 'message', status: 'completed', role: 'user', content: [{ type: 'input_audio' }] };
    return this.#append({ wire, memory: { type: 'caller', text } });
  }

  /** An item the client writes. @returns null where `after` names no item. */
  addGiven(item: NewItem, after: string | null): { wire: WireItem; previousId: string | null } | null {
    const wire: WireItem = { ...item, id: item.id ?? newModelId('item'), object: 'realtime.item', status: 'completed' };
    if (item.type === 'function_call') wire.call_id = item.call_id ?? newModelId('call');
    const stored: Stored = { wire, memory: remember(item, String(wire.call_id ?? '')) };
    if (after === null) return this.#append(stored);
    const index = after === 'root' ? 0 : this.#items.findIndex(({ wire: { id } }) => id === after) + 1;
    if (after !== 'root' && index === 0) return null;
    this.#items.splice(index, 0, stored);
    return { wire, previousId: this.#items[index - 1]?.wire.id ?? null };
  }

  /** A spoken answer that begins. It is remembered as far as its audio was made. */
  addAnswer(id: string, words: readonly SpokenWord[]): { wire: WireItem; previousId: string | null } {
    const wire: WireItem = { id, object: 'realtime.item', type: 'message', status: 'in_progress', role: 'assistant', content: [] };
    return this.#append({ wire, memory: { type: 'assistant', text: '' }, speech: { words, producedMs: 0 } });
  }

  /** More of an answer's audio was made, and its state is now this. */
  progress(id: string, producedMs: number, status: string, wireContent: readonly object[]): void {
    const item = this.#items.find(({ wire }) => wire.id === id);
    if (!item?.speech) return;
    item.speech.producedMs = producedMs;
    item.memory = { type: 'assistant', text: wordsBegun(item.speech.words, producedMs) };
    item.wire = { ...item.wire, status, content: wireContent };
  }

  addText(id: string, text: string): { wire: WireItem; previousId: string | null } {
    const content = [{ type: 'output_text', text }];
    const wire: WireItem = { id, object: 'realtime.item', type: 'message', status: 'completed', role: 'assistant', content };
    return this.#append({ wire, memory: { type: 'assistant', text } });
  }

  addToolCall(id: string, call: { callId: string; name: string; arguments: string }): { wire: WireItem; previousId: string | null } {
    const { callId, name } = call;
    const wire: WireItem = { id, object: 'realtime.item', type: 'function_call', status: 'completed', call_id: callId, name, arguments: call.arguments };
    return this.#append({ wire, memory: { type: 'tool-call', ...call } });
  }

  delete(id: string): boolean {
    const index = this.#items.findIndex(({ wire }) => wire.id === id);
    if (index >= 0) this.#items.splice(index, 1);
    return index >= 0;
  }

  /** The caller heard only the beginning: the rest is forgotten, its words too. */
  truncate(id: string, audioEndMs: number): Truncation {
    const item = this.#items.find(({ wire }) => wire.id === id);
    if (!item) return { ok: false, message: `Item with item_id '${id}' not found.` };
    if (!item.speech) return { ok: false, message: 'Only model output audio messages can be truncated' };
    const { producedMs, words } = item.speech;
    if (audioEndMs > producedMs) return { ok: false, message: `Audio content of ${producedMs}ms is already shorter than ${audioEndMs}ms` };
    const remembered = heardText(words, audioEndMs);
    item.speech = { words: words.filter((word) => word.endMs <= audioEndMs), producedMs: audioEndMs };
    item.memory = { type: 'assistant', text: remembered };
    item.wire = { ...item.wire, content: [{ type: 'output_audio' }] };
    return { ok: true, producedMs, remembered };
  }

  #append(stored: Stored): { wire: WireItem; previousId: string | null } {
    const previousId = this.lastId;
    this.#items.push(stored);
    return { wire: stored.wire, previousId };
  }
}

/** The transcript of audio that ends in the middle of a word has that word too. */
export const wordsBegun = (words: readonly SpokenWord[], producedMs: number): string =>
  words
    .filter((word) => word.startMs < producedMs)
    .map((word) => word.text)
    .join(' ');

function remember(item: NewItem, callId: string): Memory {
  if (item.type === 'function_call') return { type: 'tool-call', callId, name: item.name, arguments: item.arguments };
  if (item.type === 'function_call_output') return { type: 'tool-result', callId: item.call_id, output: item.output };
  const text = item.content.map((part) => part.text).join(' ');
  return { type: item.role === 'user' ? 'caller' : item.role, text };
}

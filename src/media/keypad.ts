import { dtmfTones } from '../kit/dtmf.ts';
import { hush } from './hush.ts';
import { noKeys } from './live-input.ts';
import { isLeaving, keyOptOut } from './opt-out.ts';
import { audioSent, TONES } from './playback.ts';
import { command, type Draft, request, setMark } from './session.ts';
import { beginTurn, changeTurn, setText } from './turns.ts';

/** After this long without another key the keys are complete; # completes them at once. */
export const KEYS_PAUSE_MS = 1_500;
const MOST_KEYS = 64;
const BYTES_PER_MS = 8;

/** A key was pressed: whoever presses one has stopped listening, as one who begins to speak has. */
export function keyPressed(draft: Draft, digit: string): void {
  const { keypad, now } = draft;
  draft.activeMs = now.ms;
  draft.silencePrompts = 0;
  draft.heldUntilMs = 0;
  if (draft.machine) return;
  hush(draft);
  draft.keypad = { ...keypad, digits: keypad.digits + digit, sinceMs: now.ms };
  if (digit === '#' || draft.keypad.digits.length >= MOST_KEYS) tellKeys(draft);
}

/** No further key has come for a while. */
export function keysPaused(draft: Draft): void {
  if (draft.now.ms - draft.keypad.sinceMs >= KEYS_PAUSE_MS) tellKeys(draft);
}

/** The keys become a turn of the caller, and the model answers it. */
function tellKeys(draft: Draft): void {
  const { digits, turns } = draft.keypad;
  if (digits === '' || draft.phase === 'opening') return;
  draft.keypad = { ...noKeys, turns: turns + 1 };
  const itemId = `keys-${draft.connection.number}-${turns + 1}`;
  const spelled = [...digits].join(' ');
  draft.turns = setText(beginTurn(draft.turns, itemId, 'CALLER', draft.now.at), itemId, `[pressed ${spelled}]`);
  draft.turns = changeTurn(draft.turns, itemId, () => ({ finished: true }));
  if (isLeaving(draft) || keyOptOut(draft, digits)) return;
  if (draft.ending && draft.ending.reason !== 'maximum-duration' && draft.ending.reason !== 'transfer') {
    draft.ending = null;
    draft.phase = 'talking';
  }
  command(draft, { type: 'tell', from: 'caller', text: `The caller pressed ${spelled} on the keypad.` });
  request(draft, {});
}

/** Presses keys: their tones go out behind what is being said, and nothing is said over them. */
export function pressKeys(draft: Draft, digits: string): void {
  const audio = dtmfTones(digits);
  draft.playback = audioSent(draft.playback, TONES, audio.length / BYTES_PER_MS, draft.now.ms);
  draft.effects.push({ type: 'play', base64: Buffer.from(audio.toString('base64')) });
  setMark(draft, true);
}

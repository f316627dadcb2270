/** The voices of the realtime model, as its vendor names them; the genders are how they sound to us. */
export interface Voice {
  /** The model's own name. */
  readonly id: string;
  readonly name: string;
  readonly gender: string | null;
}

export const VOICES: readonly Voice[] = [
  { id: 'marin', name: 'Marin', gender: 'female' },
  { id: 'cedar', name: 'Cedar', gender: 'male' },
  { id: 'alloy', name: 'Alloy', gender: null },
  { id: 'ash', name: 'Ash', gender: 'male' },
  { id: 'ballad', name: 'Ballad', gender: 'male' },
  { id: 'coral', name: 'Coral', gender: 'female' },
  { id: 'echo', name: 'Echo', gender: 'male' },
  { id: 'sage', name: 'Sage', gender: 'female' },
  { id: 'shimmer', name: 'Shimmer', gender: 'female' },
  { id: 'verse', name: 'Verse', gender: 'male' },
];

/** Names that clients may send instead of a model's voice. */
const ALIASES: Readonly<Record<string, string>> = { female: 'marin', male: 'cedar', celeste: 'shimmer', orion: 'ash', phoenix: 'verse' };

export const DEFAULT_VOICE = 'marin';

/** @returns the voice that an id or an alias means, in any case of letters; null when there is none. */
export function findVoice(name: string): Voice | null {
  const wanted = name.trim().toLowerCase();
  const id = Object.hasOwn(ALIASES, wanted) ? ALIASES[wanted] : wanted;
  return VOICES.find((voice) => voice.id === id) ?? null;
}

/** The voice of a row. One that the catalogue no longer has is shown by its id. */
export const voiceOf = (id: string): Voice => VOICES.find((voice) => voice.id === id) ?? { id, name: id, gender: null };

/** Every name that is understood, for messages. */
export const voiceNames = (): string[] => [...VOICES.map((voice) => voice.id), ...Object.keys(ALIASES)];

/**
 * The part of a text that was heard, by the share of its audio that was played, cut at a word's end: a word that was
 * begun and not finished does not count.
 */
export function heardText(text: string, heardMs: number, audioMs: number): string {
  if (audioMs <= 0 || heardMs <= 0) return '';
  if (heardMs >= audioMs) return text;
  const share = Math.floor((text.length * heardMs) / audioMs);
  if (/\s/.test(text.charAt(share))) return text.slice(0, share).trimEnd();
  return text.slice(0, text.slice(0, share + 1).search(/\s\S*$/) + 1).trimEnd();
}

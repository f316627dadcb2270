import { saysNothing } from './answer-cues.ts';

const DONE =
  /^(?:no(?:pe)?|nah|nein|non|nee|nei|não)?[,. ]*(?:thanks?(?: you)?|danke|gracias|merci)?[,. ]*(?:that(?:'s| is| was|ll be| would be)(?: about)? (?:it|all|everything)|that's the lot|just (?:that|those|these|the one|this)|only (?:that|those|these|the one|this)|i'm (?:good|done)|das (?:war'?s|wars|ist alles|war alles)|nichts (?:mehr|weiter|sonst)|sonst nichts|eso es todo|nada más|ninguna? más|c'est tout|rien d'autre)?[.! ]*$/i;

/** Whether somebody who was asked for others has named all. */
export const hasNamedAll = (words: string): boolean => {
  const plain = words
    .replace(/[’‘`´]/g, "'")
    .replace(/\b(?:um|uh|well|oh|i think|i guess)\b[, ]*/gi, '')
    .trim();
  return plain === '' || saysNothing(words) || DONE.test(plain);
};

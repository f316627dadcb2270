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

const LATER =
  /\b(?:not (?:right |just )?now|later|another time|(?:a )?bad (?:time|moment)|not a good (?:time|moment)|(?:i'm|i am|we're|a bit|quite|very|really|too) (?:busy|driving)|in a meeting|at work|in the middle of|call (?:me )?back|call (?:me )?again|jetzt nicht|gerade nicht|später|ein andermal|gerade (?:beschäftigt|unterwegs)|ahora no|más tarde|en otro momento|estoy ocupad[oa]|pas maintenant|plus tard|une autre fois|je suis occupée?)(?!\p{L})/iu;

/** Whether it does not suit somebody now, and may another time. */
export const suitsLater = (words: string): boolean => LATER.test(words.replace(/[’‘`´]/g, "'"));

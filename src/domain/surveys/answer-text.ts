import { type Mapping, valid } from './answer.ts';
import { corrected, plainWords, summedUp } from './answer-words.ts';
import type { Question } from './question.ts';

/** Words that may mean that there is no answer, that another question is asked, or that it is put off. */
const DOUBTFUL =
  /\?|\b(?:no|nope|nothing|none|not|never|pass|skip|know|idea|sure|remember|recall|think of|later|another time|question|what|who|why|how|which|hear|hello|repeat|say|tell|told|private|business|personal|fine|perfect|great|good|thanks|thank|bye|okay|complain|complaints|enough|time|when|whatever|depends|maybe|everything|anything|all|covered|thorough|done|wait|hold|moment|second|call|calls|calling|list|survey|surveys|please|speak|slower|louder|understand|driving|busy|could you|can you|would you|will you)\b|n't\b/;
const FEWEST_WORDS = 6;

/** Free words are kept as they were said, where it is plain that they are an answer. */
export function textAnswer({ kind, title }: Question, words: string): Mapping | null {
  const text = words.trim();
  if (kind === 'TEXT' && /\bhow (?:many|much)\b/i.test(title)) return count(text);
  if (/\bnames?\b/i.test(title)) return named(text);
  const plain = text.toLowerCase().replace(/[’‘`´]/g, "'");
  if (DOUBTFUL.test(plain) || plainWords(text).length < FEWEST_WORDS) return null;
  return valid([text], 'EXACT', 0.9);
}

const AROUND =
  /^(?:it's|it|is|was|about|around|just|only|i|we|are|we're|of|us|there|people|persons|in|all|total|altogether|dollars|bucks|say|think|guess|roughly|exactly|well|um|uh|so|a|the|paid|cost|mine|my|i'd|like|maybe)$/;

/** A number and nothing that may change it; people also sum up: "two adults and three kids, so five". */
function count(text: string): Mapping | null {
  const said = corrected(text) ?? summedUp(text) ?? text;
  const words = plainWords(said);
  const numbers = words.filter((word) => /^\d+$/.test(word));
  if (said.includes('?') || numbers.length !== 1 || numbers[0] === undefined) return null;
  return words.every((word) => /^\d+$/.test(word) || AROUND.test(word)) ? valid([numbers[0]], 'EXACT') : null;
}

const NAME = String.raw`\p{Lu}[\p{L}'’.-]*`;
const NAMED = new RegExp(
  String.raw`^(?:(?:[Uu]m|[Uu]h|[Ww]ell|[Oo]h|[Yy]es|[Ss]ure|[Oo]kay|[Hh]i)[,. ]+)*(?:(?:[Ii]t is|[Ii]t['’]s|[Ii]ts|[Mm]y name is|[Mm]y name['’]s|[Tt]he name is|[Tt]he name['’]s|[Ii]['’]m|[Ii] am|[Tt]his is|[Tt]hat['’]s|[Tt]hat is|[Tt]hat would be|[Pp]ut me down as|[Pp]ut me down under|[Cc]all me|[Uu]nder)\s+)?(${NAME}(?:(?:\s+|,\s*)(?:(?:and|von|van|de|der|la|le|da|di|el|bin|al)\s+)*${NAME}){0,4}?)(?:,\s*(?:that's\s+)?(?:\p{Lu}[\s.-]*){3,})?[.!]?$`,
  'u',
);
/** Capitalised as well, and no names. */
const NO_NAME =
  /^(?:I|I'm|No|Yes|Not|None|Nobody|Pass|Skip|Sorry|What|Who|Why|Never|Nothing|Stop|Please|Hello|Hi|Well|Okay|Sure|Maybe|My|The|You|Your|Can|Could|Do|Does|That|This|It|Oh|Uh|Um|Hmm|Mind|Next|Wait|Bye|Goodbye|Thanks|Private|Anonymous|Speaking|Fine|Good|Great|Busy|Happy)\b/i;

function named(text: string): Mapping | null {
  const [, name] = NAMED.exec(text) ?? [];
  return name === undefined || NO_NAME.test(name) ? null : valid([name.trim()], 'EXACT', 0.95);
}

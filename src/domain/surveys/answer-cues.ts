/** What people say instead of an answer. Each is read only where it is all that was said, or plainly so. */

const plain = (words: string): string =>
  words
    .toLowerCase()
    .replace(/[’‘`´]/g, "'")
    .replace(/[^\p{L}\p{Nd}'?]+/gu, ' ')
    .replace(/\b(?:to be (?:perfectly )?(?:honest|frank)|if i'm honest|i'm afraid)\b/g, ' ')
    .replace(/\b(?:um|uh|er|erm|hmm|well|oh|please|sorry|honestly|ah)\b/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

const whole = (pattern: string) => new RegExp(`^(?:${pattern})\\??$`);

const REPEAT = whole(
  "(?:can you |could you |would you |i'd like you to )?(?:repeat|say|read)(?: (?:that|it|the question|this|them|the options|the choices|those))?(?: (?:again|once more|one more time|for me))?|what (?:was|were|is|are) (?:that|the (?:question|options|choices|answers))(?: again| once more)?|what did you say|(?:pardon|come again|say again|excuse me|what)(?: me)?|i (?:didn't|did not) (?:catch|hear|get|understand) (?:that|you|the question|it)|once more|again",
);

const REFUSED = whole(
  "(?:i'd|i would|we'd) (?:rather|prefer) not(?: to)?(?: (?:say|answer|tell you|share|give that|answer that|say that|talk about (?:it|that)))*|(?:i )?(?:prefer|would prefer) not to(?: (?:say|answer|share|tell))?|(?:that's|that is|it's|that would be) (?:none of your (?:business|concern)|private|personal|confidential|a private matter|too personal)|none of your (?:business|concern)|(?:i )?(?:won't|will not|don't want to|do not want to|refuse to|decline to|'m not going to|am not going to|'m not) (?:answer|answering|answer that|answer this|say|saying|tell you|telling you|tell you that|telling you that|share|share that|disclose|disclose that|talk about it|talk about that)(?: (?:that|this|one|question|it))*|i'm not (?:telling you(?: that)?|going to (?:answer|tell you|say)(?: that)?|answering that|comfortable (?:answering|with|sharing)(?: that| this)?)|no comment|i decline|i refuse",
);

const ENDS =
  /\bi (?:don't|do not) (?:want to|wanna|feel like|wish to) (?:answer(?:ing)?|do|doing|continue|hear|take|go on)(?: with)? (?:any more|anymore|any further|more|this|these|the|your)?(?: (?:questions|survey|surveys|call|interview))?$|^(?:no more questions|that's enough(?: questions)?|enough questions|i'm done(?: (?:here|with this(?: survey)?))?|i'm hanging up(?: now)?|i (?:have|got) to go(?: now)?|i (?:don't|do not) have (?:the )?time(?: for (?:this|that|a survey|surveys))?|let's (?:stop|end)(?: (?:here|this|it|the (?:survey|call)))?)$/;

const SKIPPED = whole(
  "pass|skip|skip (?:it|that|this|this one|that one|the question)|next(?: question| one)?|move on|let's (?:skip (?:it|that|this one)|move on)|no answer|i'll (?:pass|skip)(?: on)?(?: (?:that|this|that one|this one))?|(?:i have |i've )?no idea(?: really)?|(?:i )?(?:really )?(?:don't|do not|dunno) ?(?:really )?(?:know|remember|recall)?(?: (?:that|it|the answer|really|exactly|anymore))?|(?:i )?(?:can't|cannot|couldn't) (?:remember|recall|say|tell(?: you)?|think of (?:anything|any|one))(?: (?:that|it|exactly|really|the name|right now))*|beats me|who knows|i (?:forgot|forget)",
);

const NOTHING = whole(
  '(?:no |nope )?(?:nothing|none|no)(?: (?:really|at all|comes to mind|special|in particular|more|else|to add|i can think of|that i can think of|of (?:them|those|these|that|the above)))*|(?:no )?not(?: really| that i can think of| that i know of)|neither(?: of them| of those)?',
);

export const asksAgain = (words: string): boolean => REPEAT.test(plain(words));
export const refuses = (words: string): boolean => REFUSED.test(plain(words));
export const endsSurvey = (words: string): boolean => ENDS.test(plain(words));
export const hasNoAnswer = (words: string): boolean => SKIPPED.test(plain(words));
export const saysNothing = (words: string): boolean => NOTHING.test(plain(words));

/** Options that say what these cues say: then the option is the answer. */
export const SAYS_NOTHING = /^(?:none|nothing|no one|nobody|neither|not any)\b/i;
export const SAYS_UNKNOWN = /\b(?:not sure|unsure|undecided|(?:do not|don't) know|no opinion|no idea|can(?:no|')t say)\b/i;
export const SAYS_FORGOTTEN = /\b(?:do not|don't|can(?:no|')t) (?:remember|recall)\b/i;
export const SAYS_PRIVATE = /\b(?:prefer not|rather not|no answer|not say|decline)\b/i;

const UNKNOWN_WORDS = whole(
  "(?:i'm )?(?:not (?:really )?sure|unsure|undecided)(?: yet| really)?|i (?:really )?(?:don't|do not) know(?: yet)?|(?:i )?(?:can't|cannot) say(?: yet)?|don't know(?: yet)?|no opinion",
);
const FORGOTTEN_WORDS = whole("(?:i )?(?:really )?(?:don't|do not|can't|cannot) (?:remember|recall)(?: (?:that|it|really))?");

export const isUnsure = (words: string): boolean => UNKNOWN_WORDS.test(plain(words));
export const hasForgotten = (words: string): boolean => FORGOTTEN_WORDS.test(plain(words));

const DEPENDS = whole("(?:it |that |well it )?(?:really |all )*depends(?: on [\\w' ]{1,60})?");
/** "It depends": asked again, unless an option says so. */
export const depends = (words: string): boolean => DEPENDS.test(plain(words));

const ASKED_BACK = /^(?:(?:well|oh|um|uh|hmm|sorry),? )*(?:is there|are there|what|who|why|how|when|where|do i|does it|did you)\b(?! not\b)[^?]{8,}\?\s*$/i;
/** A question of their own, and nothing else. */
export const asksBack = (words: string): boolean => ASKED_BACK.test(words.trim());

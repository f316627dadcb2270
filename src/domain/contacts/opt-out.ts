import { OPT_OUTS_ABROAD } from './opt-outs-abroad.ts';

/**
 * Whether somebody wishes not to be called again at all. It depends on no model: each turn of the other side passes here,
 * whatever question it answers.
 *
 * A wish is: not to be called or contacted any more, to be taken off the list or out of the system, or a bare "stop". It is
 * none to limit the time, the day or the number, to ask for a call back, to decline a question, to correct an answer, to
 * cancel an appointment, or to use these words in another sense ("stop by tomorrow", "don't call me Bob").
 *
 * @see 47 CFR § 64.1200(a)(10): consent may be revoked by any reasonable means.
 */
export function isOptOut(words: string): boolean {
  const text = plain(words);
  if (BARE_STOP.test(text)) return true;
  return clausesOf(text).some((clause) => isWish(clause)) || OPT_OUTS_ABROAD.some((pattern) => pattern.test(text));
}

function isWish(clause: string): boolean {
  return WISHES.some(({ pattern, unless, imperative }) => {
    for (const found of clause.matchAll(pattern)) {
      const before = clause.slice(0, found.index);
      const after = clause.slice(found.index + found[0].length);
      const told = imperative && (TOLD.test(before) || (TOLD_OF.test(before) && !FOR_GOOD.test(found[0])));
      if (!told && !DENIED.test(before) && !unless.some((limit) => limit.test(after))) return true;
    }
    return false;
  });
}

const plain = (words: string): string =>
  words
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’‘`´]/g, "'")
    .replace(/\be-mail/g, 'email')
    .replace(/\bdo-not-call\b/g, 'do not call')
    .replace(/\s+/g, ' ')
    .trim();

/** What is said in one breath; a limit belongs to the wish that it stands behind. */
const clausesOf = (text: string): string[] =>
  text
    .replace(/,? (?:um|uh|er|erm|hmm|like|you know|okay|ok)\b,?/g, '')
    .split(/[.!?;:]+|\bbut\b|—|–| - /)
    .map((clause) => clause.replace(/,/g, ' ,').replace(/\s+/g, ' ').trim());

/** Nothing but "stop", with what people put around it. */
const BARE_STOP =
  /^(?:(?:no|please|just|okay|ok|hey|i said|enough|oh|god|ugh)[\s,.!]+)*stop(?:[\s,.!]+(?:stop|please|now|thanks|thank you|no|okay|ok))*[\s,.!]*$/;

/** Before a wish: it is not one. "You don't have to take me off your list", "don't stop calling". */
const DENIED =
  /\b(?:don't|do not|didn't|did not|never|not|no need to|needn't|without|won't|wouldn't|why would i|before you|if you|unless you)(?: (?:want|need|have|ask|asked|asking|say|said|saying|tell|told|you|him|her|them|to|that|i|should|ever|be|get|being))* ?$/;

/** Whom one calls. */
const WHOM =
  '(?:me|us|here|this (?:phone |telephone |cell )?(?:number|phone|line|house|place|household|office)|that number|my (?:number|phone|house|home|cell|mobile|line|place|office|work|(?:\\w+ )?(?:mother|mom|mum|father|dad|wife|husband|son|daughter|parents|family|grandmother|grandma|grandfather))|our (?:number|house|home|phone|office)|him|her|them|people|anyone|anybody|at this number|on this (?:number|phone|line))';
const CALL = '(?:call|phone|ring|dial|telephone|contact|bother|disturb|harass|pester|reach out to|get in touch with|message)';
const CALLING = '(?:calling|phoning|ringing|dialing|dialling|telephoning|contacting|bothering|disturbing|harassing|pestering|hounding|messaging|spamming)';
const CALLS = '(?:(?:phone |telephone |survey |sales |marketing |of (?:these|those|your) |such )*(?:calls|phonecalls|contact))';
const ANY_MORE = '(?: ,?(?:again|anymore|any more|any longer|ever|ever again|at all|in (?:the )?future|please|back))*';
const NOT =
  "(?:don't you(?: dare)?(?: ever)?|don't|do not|dont|never|no longer|mustn't|must not|may not|can't|cannot|shouldn't|should not|(?<=(?:^|\\b(?:you|you're|people|guys|all|please|and|or|them|better|rather|is|are|could|would|ask|asked)) )not(?: to)?|(?<=^)not to)";
/** "They never call me": told and not asked for, unless for good. */
const TOLD = /\b(?:(?:they|he|she|it|i|we)(?:'d|'ll|'ve)?|nobody|who|which|people)(?: (?:just|really|still|also|usually|mostly))? ?$/;
const TOLD_OF = /\b(?:the|a|an|his|her|their|whose) \w+ ?$/;
const FOR_GOOD = /\b(?:again|anymore|any more|any longer|ever)\b/;

/** Behind a wish: it is about a time, a day, a number, a name or a way, and not about calls as such. */
const LIMITS = [
  /^ ?,? ?(?:again )?(?:after|before|until|till|til|during|between|past|later than|earlier than|by|from \w+ (?:to|until)|while|when|whenever|unless|except|if|so (?:early|late|often|much|many)|that (?:early|late|often)|this (?:early|late|week|month|morning|afternoon|evening|time)|too (?:early|late|often)|as often|every|twice|more than|more often|for (?:a|another|the next|at least|two|three|four|five|six|a few|the rest of))\b/,
  /^ ?,? ?(?:again )?(?:today|tonight|tomorrow|now|right now|just now|right away|yet|first thing|early|late|later|nights|evenings|mornings|weekends|weekdays|sundays|saturdays|mondays|tuesdays|wednesdays|thursdays|fridays)\b/,
  /^ ?,? ?(?:again )?(?:on|over|at|in) (?:a |an |the |my |our |any |that |weekday )?(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b/,
  /^ ?,? ?(?:again )?(?:on|over|at|in|around) (?:the |my |our |a |his |her )?(?:weekends?|weekdays?|holidays?|vacation|morning|mornings|afternoon|afternoons|evening|evenings|night|work|dinner|dinnertime|lunch|lunchtime|noon|midnight|office|job|cell|cellphone|mobile|landline|home phone|home|house phone|other (?:number|phone)|old number|work (?:number|phone)|\d|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|quarter)\b/,
  // Another way or another number is asked for in the same breath.
  /^ ?(?:,|and|just|instead|rather)? ?(?:(?:just|please|instead|rather|and|better|simply) )*(?:email|text|write|send|sms|message|mail|use (?:the|my|his|her|our)|try the|ring the|call the|call (?:me |us )?(?:on|at|tomorrow|later|next|back|instead|my|his|her)|use my|try my|ring my)\b/,
  /^ ?,? ?(?:on|at) (?:this|that) (?:number|line|phone) ?,? ?(?:after|before|until|during|on (?:the )?(?:weekend|\w+day)|call|use|try|but)\b/,
];
/** A name: "don't call me sir", "stop calling me honey". */
const NAMES =
  /^ ?(?:a |an |the )?(?:sir|ma'am|madam|miss|mister|mr|mrs|ms|honey|sweetie|sweetheart|dear|darling|love|buddy|dude|man|bro|pal|boss|liar|names|crazy|stupid|old|by (?:my|that|his|her)|that|it)\b/;
/** "Don't bother me with the details." */
const WITH_WHAT = /^ ?(?:with|about|for) (?!(?:these|those|your|this|another|any|more|such|other)\b)/;
/** What else one can be on a list of: "the waiting list", "the guest list". */
const OTHER_LISTS =
  /^ ?(?:speaker|hold|guest|waiting|wait|shopping|price|wine|attendee|attendance|reservation|booking|party|seating|shuttle|to-do|todo|standby|appointment)/;

const LIST =
  '(?:off|from|out of)(?: of)? (?:your|the|this|that|any|every|all|all your|all of your|these|those|whatever)?(?: (?:stupid|damn|damned|goddamn|bloody|fucking|call|calling|phone|telephone|calls|contact|contacts|mailing|marketing|survey|campaign|customer|dialing|dialling|computer|do not call|whole|entire|sales|spam))* ?(?:lists?|system|systems|database|databases|data ?base|records?|register|registry|directory|books|files?|contacts|crm|program|campaign|thing)\\b';
const MINE =
  '(?:me|us|my (?:phone |telephone |cell |mobile )?(?:number|name|details|contact|contacts|data|info|information|entry|record)|our (?:number|name|details|data)|this (?:phone |telephone )?number|that number|the number|him|her|them)';

interface Wish {
  /** Somebody is told what not to do: the same words about others are a story. */
  readonly imperative: boolean;
  readonly pattern: RegExp;
  readonly unless: readonly RegExp[];
}

const wish = (source: string, ...unless: RegExp[]): Wish => ({ imperative: false, pattern: new RegExp(`\\b${source}`, 'g'), unless });
const order = (source: string, ...unless: RegExp[]): Wish => ({ ...wish(source, ...unless), imperative: true });
/** Ends where the clause does, or is followed by what does not change it. */
const END =
  "(?= ?(?:,|$)| (?:please|again|anymore|any more|any longer|ever|at all|in (?:the )?future|thanks|thank you|for|with|about|and|or|i|i'm|it's|this|these|you|we|because|okay|from|on|at|to|like|either|period|got|understood|is|unless|after|before|until|during|when|while|today|tonight|tomorrow|now|so|that|if|too|early|late|over|between|in|every|first|later|yet|right|email|text|write|just|call|back))";

const WISHES: readonly Wish[] = [
  // "Don't call me again", "never contact this number", "you may not ring here any more".
  order(`${NOT} (?:(?:ever|you|to|try to|even|dare|dare to|please) )*${CALL} (?:on |at )?${WHOM}${END}${ANY_MORE}`, ...LIMITS, NAMES, WITH_WHAT),
  wish(
    `(?:don't|do not|dont|never) (?:want|need|wish|like) (?:you|them|anyone|anybody|your people|your company)(?: people| guys| all)? (?:to )?(?:ever )?(?:${CALL}|${CALLING}) (?:on |at )?${WHOM}${ANY_MORE}`,
    ...LIMITS,
    NAMES,
    WITH_WHAT,
  ),
  // Without whom: only with a word that means for good.
  order(`${NOT} (?:(?:ever|you|to|please) )*(?:call|phone|ring) back(?= ?,| ?$)`, ...LIMITS),
  order(
    `${NOT} (?:(?:ever|you|want you to|to|please) )*(?:call|phone|ring|contact|telephone)(?: back)? ,?(?:again|anymore|any more|any longer|ever again|in (?:the )?future)${ANY_MORE}`,
    ...LIMITS,
  ),
  wish(
    `(?:stop|quit|cease|knock off|give up|refrain from|enough of (?:your|this|the)|leave off|no more) (?:${CALLING} (?:on |at )?${WHOM}(?![\\w'])|(?:calling|phoning|ringing|telephoning|contacting)${END})${ANY_MORE}`,
    ...LIMITS,
    NAMES,
    /^ ?(?:on|for|about) (?:the|this|that) (?:question|topic|subject)\b/,
  ),
  wish(
    `(?:tell (?:them|your people|your company|everyone) to|you (?:need|have|ought) to|would you|will you|could you|can you|please|i (?:want|need|told|asked) you(?: people| guys| all)? to) (?:stop|quit) (?:with )?(?:the|these|those|your|all (?:the|these|those)) ${CALLS}`,
    ...LIMITS,
  ),
  wish(`(?:stop|quit|end) (?:it )?(?:with )?(?:the|these|those|your|all (?:the|these|those|your)|making these) ${CALLS}`, ...LIMITS),
  // "Take me off your list", "get my number out of the system".
  wish(
    `(?:take|taken|remove|removed|delete|deleted|strike|struck|scratch|drop|cross|crossed|get|pull|wipe|erase|leave|keep|scrub|kick) (?:${MINE} )?(?:right |completely |permanently |please |the hell )*${LIST}`,
    OTHER_LISTS,
  ),
  wish(
    `(?:take|remove|delete|strike|scratch|erase|wipe|lose|forget|drop|scrub|block|unlist) (?:my|our|this|that) (?:phone |telephone |cell |mobile )?number(?! (?:on|of|one|two|three|from the (?:guest|waiting)))`,
    OTHER_LISTS,
  ),
  wish(`(?:take|remove|delete|strike|erase|get) it (?:off|from|out of) (?:of )?your (?:\\w+ )?(?:lists?|system|database|records|files|books)\\b`),
  wish(
    '(?:have|want|need|like|get) (?:my|our|this) (?:phone |telephone )?(?:number|name|details|data) (?:to be )?(?:removed|deleted|erased|taken (?:off|out)|off|out of|struck)',
  ),
  wish('(?:my|our|this) (?:phone )?number (?:has to|needs to|must|should|had better|better) (?:come off|be (?:removed|deleted|erased|taken (?:off|out))|go)'),
  wish('get rid of (?:my|our|this) (?:phone )?number'),
  wish(
    `(?:remove|delete|erase|unsubscribe|unlist|deregister|blacklist) (?:me|us)${END}`,
    OTHER_LISTS,
    /^ ?,? ?(?:from|off|out of) (?:the |your )?(?:guest|waiting|wait|shuttle|party|appointment|reservation|booking)/,
  ),
  wish(`take (?:me|us|my (?:name|number)|this number) off(?: ,?(?:please|now|thanks))*(?= ?,| ?$)`),
  wish(
    "(?:i|we) (?:want|asked|ask|would like|'d like|wish|need|demand|told you (?:people |guys )?)(?:to be |that i be )?(?: ?to be)? (?:removed|deleted|taken off|unsubscribed|off (?:your|this|the|that) (?:calling |call |phone )?list)",
    OTHER_LISTS,
  ),
  wish(
    "(?:put|add|place|register) (?:me|us|my number|this number) (?:on|to|in) (?:your |the |that |a )?(?:internal )?(?:do not call|don't call|no call|no-call|block|black) ?(?:list|registry|register)?",
  ),
  wish(
    "(?:i'm|i am|we're|we are|my number is|this number is|my number's) (?:already )?(?:on|in) the (?:national |federal |state )?(?:do not call|don't call|no call) ?(?:list|registry|register)?",
  ),
  // "No more calls", "I don't want any more calls".
  wish(
    `(?:no|not any|zero) (?:more|further) ${CALLS}(?: ,?(?:from you(?: people| guys| all)?|please|ever|again|at all|to this number|here|for me))*`,
    ...LIMITS,
  ),
  wish(
    `(?:don't|do not|dont|never|not)(?: ever)? (?:want|wish|need|like|care for|interested in|accept|taking|consent to|agree to)(?: (?:to|get|getting|receive|receiving|have|having|take|be getting))* (?:any (?:more |further |other )?|more |further |another |these |those |your )*(?:of (?:these|those|your) )?${CALLS}`,
    ...LIMITS,
    /^ ?(?:about|on) \w/,
  ),
  wish(
    `(?:make sure|see to it|ensure|promise)(?: me)?(?: that)? (?:i|we) (?:don't|do not|never) (?:get|receive) (?:any (?:more |further )?|more |another )?(?:of (?:these|those|your) )?${CALLS}`,
  ),
  wish(
    `(?:make sure|see to it|ensure|promise)(?: me)?(?: that)? (?:nobody|no one|no-one|none of you) (?:ever )?(?:calls|phones|rings|contacts|bothers) (?:me|us|here)${ANY_MORE}`,
    ...LIMITS,
  ),
  wish(
    `(?:never|not|don't|do not|no longer)(?: ever)? (?:to )?be (?:called|contacted|phoned|rung|telephoned|bothered|disturbed)(?: by (?:you|you people|anyone))? ?(?:again|anymore|any more|any longer|ever)${ANY_MORE}`,
    ...LIMITS,
  ),
  wish(
    `(?:don't|do not|dont|never)(?: ever)? (?:(?:want|wish|like|care|need|agree|consent) )(?:to )?(?:be |being |get |getting )(?:called|contacted|phoned|rung|telephoned|bothered|disturbed|harassed)${ANY_MORE}`,
    ...LIMITS,
    /^ ?(?:a|an|by my|names|that)\b/,
  ),
  wish(
    `(?:don't|do not|dont) (?:want|need) to (?:hear|get (?:anything|calls)) from (?:you|you people|you guys|your company|any of you|y'all)(?: ,?(?:again|anymore|any more|ever))*`,
    ...LIMITS,
  ),
  wish(
    "(?:don't|do not|never) (?:want|wish) (?:to be|me) (?:on|in) (?:your|this|the|that|any)(?: (?:call|calling|phone|contact|mailing|marketing))* ?(?:list|lists|system|database|records?)",
  ),
  // The words of the trade.
  wish('unsubscribe'),
  wish(
    "(?:(?:i|we|i'd|we'd|let me|i'll|please|want|like|wish|going|how do i|can i|may i|how can i)(?: (?:want|would like|like|wish|wanna|choose|prefer|am going|do|please|now|hereby))*(?: to)?|^) ?opt(?:ing)?[ -](?:me[ -]|us[ -])?out",
    /^ ?(?:of|from) (?:this|that|the|answering)(?: \w+)? (?:question|one|answer|topic|part|section)\b/,
  ),
  wish('opt (?:me|us|my number|this number) out', /^ ?(?:of|from) (?:this|that|the)(?: \w+)? (?:question|one|answer|topic|part)\b/),
  wish('(?:revoke|withdraw|take back|cancel|retract) (?:my|all|any|our) consent'),
  wish(`(?:lose|forget|burn) (?:my|this|our) number`),
  wish('leave (?:me|us) alone(?= ?,| ?$| (?:please|already|will you|okay|now|for good|you))', NAMES),
];

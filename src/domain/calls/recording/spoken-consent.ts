import { heardWords } from '../heard-words.ts';
import { baseOf } from '../lines.ts';

/** All but hyphens, apostrophes, letters and digits. */
const PARTING = /[^\p{L}\d'\-\s]/gu;

/**
 * What somebody answered to the question whether the call may be recorded. Only a clear yes is a yes: a recording
 * without consent cannot be taken back, a call without a recording is one.
 */
export type ConsentAnswer = 'yes' | 'no' | 'unclear';

interface ConsentWords {
  readonly yes: RegExp;
  readonly no: RegExp;
  /** A wish, at any time, that there be no recording. */
  readonly stop: RegExp;
}

/** Whole words, in lower case and without accents. */
const words = (list: string) => new RegExp(`(?<![\\p{L}\\d'])(?:${list})(?![\\p{L}\\d'])`, 'u');

const WORDS: Readonly<Record<string, ConsentWords>> = {
  en: {
    yes: words(
      "yes|yeah|yep|yup|ya|sure|certainly|of course|absolutely|ok|okay|alright|all right|fine|go ahead|i agree|i consent|agreed|no problem|no worries|i don't mind|i do not mind|no objections?|please do|that works|you may|you can|by all means|be my guest|why not",
    ),
    no: words(
      "no|nope|nah|don't|do not|dont|not|never|rather not|i'd rather not|i would rather not|refuse|i object|without (?:a |the |any )?recording|don't record|do not record|please don't|i mind|i do mind",
    ),
    stop: words(
      "(?:stop|end|quit|turn off|switch off|cease|pause) (?:the |this |that |your )?record(?:ing)?(?: (?:this|me|the call))?|(?:stop|quit) recording|(?:don't|do not|dont|not) (?:want (?:you )?to )?record|(?:don't|do not|dont) want (?:this|it|the call|to be|me) (?:to be )?(?:being )?recorded|don't want to be recorded",
    ),
  },
  de: {
    yes: words(
      'ja|jawohl|jo|klar|na klar|gerne|gern|naturlich|selbstverstandlich|sicher|okay|ok|in ordnung|einverstanden|von mir aus|kein problem|meinetwegen|durfen sie|konnen sie|geht klar|passt|mach(?:en sie)? (?:das )?ruhig',
    ),
    no: words('nein|ne|nee|no|nicht|lieber nicht|auf keinen fall|kein(?:e|er|en)?|niemals|ohne aufzeichnung|ohne aufnahme|bitte nicht|ungern'),
    stop: words(
      '(?:stoppen|beenden|stoppt|beendet|stopp|stoppe|beende|unterbrechen|schalten) sie (?:bitte )?(?:die )?(?:aufnahme|aufzeichnung)(?: (?:ab|aus))?|(?:aufnahme|aufzeichnung) (?:bitte )?(?:stoppen|beenden|abbrechen|ausschalten|aus)|nicht (?:mehr )?(?:aufzeichnen|aufnehmen|aufgezeichnet|aufgenommen|mitschneiden|mitgeschnitten)',
    ),
  },
  es: {
    yes: words(
      'si|claro|claro que si|por supuesto|vale|de acuerdo|adelante|esta bien|ok|okay|como no|desde luego|sin problema|ningun problema|no hay problema|no me importa|puede|perfecto|bueno',
    ),
    no: words('no|nunca|jamas|prefiero que no|mejor no|de ninguna manera|sin grabar|sin grabacion|en absoluto'),
    stop: words(
      '(?:pare|para|deje|deja|detenga|detenga usted|termine|apague|quite) (?:de grabar|la grabacion)|no (?:me |lo |la )?(?:grabe|graben|grabes)|no quiero que (?:me |se |lo |la )?grabe[ns]?|no quiero ser grabad[oa]',
    ),
  },
  fr: {
    yes: words(
      "oui|ouais|bien sur|d'accord|dac|ok|okay|certainement|volontiers|pas de probleme|aucun probleme|pas de souci|aucun souci|allez-y|vous pouvez|entendu|si vous voulez|je veux bien|ca me va|tout a fait|absolument",
    ),
    no: words("non|jamais|pas|surtout pas|je refuse|je prefere pas|je ne prefere pas|sans enregistrement|je m'y oppose"),
    stop: words(
      "(?:arretez|arrete|arreter|stoppez|coupez|cessez) (?:d'enregistrer|de m'enregistrer|l'enregistrement|cet enregistrement)|(?:n'enregistrez|ne m'enregistrez) (?:pas|plus)|(?:ne (?:veux|souhaite) pas|veux pas) etre enregistree?",
    ),
  },
  it: {
    yes: words(
      "si|certo|certamente|va bene|ok|okay|d'accordo|prego|faccia pure|nessun problema|non c'e problema|certo che si|volentieri|puo|assolutamente si|come no",
    ),
    no: words('no|non|mai|preferisco di no|preferirei di no|assolutamente no|meglio di no|senza registrazione|rifiuto'),
    stop: words(
      '(?:fermi|ferma|interrompa|interrompi|smetta|smetti|spenga|spegni|termini) (?:di registrare|di registrarmi|la registrazione)|non (?:mi )?(?:registri|registrate|registrare)|non voglio essere registrat[oa]',
    ),
  },
  pt: {
    yes: words(
      'sim|claro|claro que sim|com certeza|pode|podem|pode ser|tudo bem|ok|okay|esta bem|de acordo|concordo|sem problema|nao ha problema|nao tem problema|a vontade|certo|autorizo',
    ),
    no: words('nao|nunca|prefiro que nao|prefiro nao|melhor nao|de jeito nenhum|sem gravar|sem gravacao|recuso'),
    stop: words(
      '(?:pare|para|parem|deixe|interrompa|termine|desligue) (?:de gravar|de me gravar|a gravacao)|nao (?:me )?(?:grave|gravem|grava)|nao quero (?:que (?:me )?grave[m]?|ser gravad[oa])',
    ),
  },
  nl: {
    yes: words(
      'ja|jawel|jazeker|zeker|prima|goed|oke|ok|okay|akkoord|natuurlijk|uiteraard|geen probleem|geen bezwaar|dat mag|mag|doe maar|ga uw gang|ga je gang|vind ik goed|best',
    ),
    no: words('nee|neen|niet|liever niet|nooit|geen opname|zonder opname|ik weiger|absoluut niet'),
    stop: words(
      '(?:stop|stopt|beeindig|beeindigt u) (?:u )?(?:met opnemen|met de opname|de opname)|(?:de )?opname (?:stoppen|uitzetten|uit)|niet (?:meer )?(?:opnemen|opgenomen|op te nemen)|neem (?:dit |mij |me )?niet op',
    ),
  },
};

/** Yeses that are made with a word for no: looked for first, and then no longer in the way. */
const KIND_NO =
  /(?<![\p{L}'])(?:no problem|no worries|no objections?|i (?:don't|do not) mind|kein problem|(?:nichts|keine einwande) dagegen|habe nichts dagegen|sin problema|ningun problema|no hay problema|no me importa|pas de probleme|aucun probleme|pas de souci|aucun souci|pourquoi pas|why not|nessun problema|non c'e problema|sem problema|nao ha problema|nao tem problema|geen probleem|geen bezwaar|porque nao|por que no|perche no|warum nicht|waarom niet)(?![\p{L}'])/gu;

/** More than an answer: somebody tells what they want instead, and a "no" or "ok" among it means something else. */
const LONGEST_ANSWER_WORDS = 14;

/**
 * Reads an answer without a model.
 *
 * @param languages BCP 47, the one in which the question was asked first; English is always understood.
 */
export function readConsent(text: string, languages: readonly string[]): ConsentAnswer {
  const said = heardWords(text, PARTING);
  const known = wordsOf(languages);
  if (known.some(({ stop }) => stop.test(said))) return 'no';
  const kind = said.match(KIND_NO)?.length ?? 0;
  const rest = said.replace(KIND_NO, ' ');
  if (said.split(/\s+/).length > LONGEST_ANSWER_WORDS) return answerAtStart(said, known);
  if (known.some(({ no }) => no.test(rest))) return 'no';
  if (kind > 0 || known.some(({ yes }) => yes.test(rest))) return isQuestion(text) ? 'unclear' : 'yes';
  return 'unclear';
}

/** Whether somebody wishes, in the middle of whatever, that there be no recording. */
export function refusesRecording(text: string, languages: readonly string[]): boolean {
  const said = heardWords(text, PARTING);
  return wordsOf(languages).some(({ stop }) => stop.test(said));
}

/** Of a long answer the first words count: "Yes, that's fine, I wanted to ask about my appointment on Tuesday…". */
function answerAtStart(said: string, known: readonly ConsentWords[]): ConsentAnswer {
  const start = said.split(/\s+/).slice(0, 2).join(' ');
  if (known.some(({ no }) => no.test(start))) return 'no';
  return known.some(({ yes }) => yes.test(start)) ? 'yes' : 'unclear';
}

/** "Recorded? Why?" is no yes, whatever words are in it. */
const isQuestion = (text: string): boolean => /\?\s*$/.test(text.trim());

const wordsOf = (languages: readonly string[]): ConsentWords[] => [...new Set([...languages.map(baseOf), 'en'])].flatMap((language) => WORDS[language] ?? []);

/** How call screeners speak: phones that ask who is calling before they ring, and carriers that want a key pressed. */
export interface ScreeningPhrases {
  /** Asks for the name or the reason of the call. */
  readonly asks: readonly RegExp[];
  /** Asks for a key; the first group is the key, as a digit, a word for one, or a symbol. */
  readonly key: readonly RegExp[];
  /** Asks to wait; nobody is there yet. */
  readonly hold: readonly RegExp[];
}

/** Of text in lower case, without accents and punctuation. English first: most screeners speak it, whatever the country. */
export const SCREENING: Readonly<Record<string, ScreeningPhrases>> = {
  en: {
    asks: [
      /\b(?:record|say|state|tell me|leave|give) (?:your|us your|me your) name\b.*\b(?:reason|why|calling|purpose)\b/,
      /\b(?:reason|purpose) (?:for|of) (?:your|the|this) call\b/,
      /\b(?:screening service|call assist|call screening|call guardian|call filter|virtual assistant from google|google assistant|using a screening)\b/,
      /\bi'?ll see if (?:this|the) person is available\b/,
      /\b(?:will|can) (?:get|see) (?:a copy of|this) (?:this )?(?:conversation|transcript)\b/,
      /\bplease (?:say|state) (?:your|who)\b.*\b(?:name|calling)\b/,
      /\bwho is calling please and why\b/,
      /\bat the (?:tone|beep) (?:please )?(?:say|state) your name\b/,
    ],
    key: [
      /\b(?:press|dial|enter|hit|push) (?:the )?(?:number |key |digit )?(\d|zero|one|two|three|four|five|six|seven|eight|nine|star|pound|hash)\b.{0,60}\b(?:connect|connected|continue|complete|accept|through|person|human|speak|reach|call)\b/,
      /\bto (?:be connected|connect|continue|complete|speak|reach|prove|get through)\b.{0,60}\b(?:press|dial|enter|hit|push) (?:the )?(?:number |key |digit )?(\d|zero|one|two|three|four|five|six|seven|eight|nine|star|pound|hash)\b/,
    ],
    hold: [
      /\b(?:please )?(?:stay on the line|hold the line|hold on|please hold|please wait|one moment|just a moment|hang on)\b/,
      /\b(?:connecting|putting you through|transferring|checking (?:if|whether)|seeing if)\b/,
      /\bthank you\b.*\b(?:available|hold|line|wait)\b/,
      /\b(?:person|party|customer|subscriber|they|he|she)\b.{0,40}\b(?:not available|unavailable|cannot take|can't take|not accepting|does not accept|declined)\b/,
    ],
  },
  de: {
    asks: [/\b(?:nennen|sagen|sprechen) sie (?:bitte )?(?:nach dem ton )?ihren namen\b/, /\bgrund (?:ihres|fur ihren) anrufs?\b/, /\bwarum sie anrufen\b/],
    key: [/\b(?:drucken|wahlen) sie (?:bitte )?(?:die )?(?:taste |ziffer )?(\d|null|eins|zwei|drei|vier|funf|sechs|sieben|acht|neun|stern|raute)\b/],
    hold: [/\b(?:bleiben sie (?:bitte )?(?:am apparat|dran|in der leitung)|einen (?:moment|augenblick)|bitte warten|sie werden verbunden|ich verbinde)\b/],
  },
  es: {
    asks: [/\b(?:diga|indique|grabe) (?:por favor )?su nombre\b/, /\b(?:motivo|razon) (?:de|por) (?:su|la) (?:llamada|que llama)\b/],
    key: [/\b(?:pulse|presione|marque|oprima) (?:el |la tecla |el numero )?(\d|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|asterisco|almohadilla)\b/],
    hold: [/\b(?:no cuelgue|espere|un momento|manten[gt]a?s?e? (?:en la linea|a la espera)|le (?:paso|comunico|conecto))\b/],
  },
  fr: {
    asks: [/\b(?:dites|indiquez|enregistrez|donnez) (?:s'il vous plait )?votre nom\b/, /\b(?:raison|motif|objet) de votre appel\b/],
    key: [/\b(?:appuyez sur|tapez|composez|pressez) (?:la touche |le )?(\d|zero|un|deux|trois|quatre|cinq|six|sept|huit|neuf|etoile|diese)\b/],
    hold: [/\b(?:ne quittez pas|restez en ligne|un instant|un moment|veuillez patienter|patientez|mise en relation)\b/],
  },
  it: {
    asks: [/\b(?:dica|pronunci|registri|indichi) (?:per favore )?il (?:suo|proprio) nome\b/, /\bmotivo (?:della|per la) (?:sua )?chiamata\b/],
    key: [/\b(?:prema|premi|digiti|selezioni) (?:il |il tasto |il numero )?(\d|zero|uno|due|tre|quattro|cinque|sei|sette|otto|nove|asterisco|cancelletto)\b/],
    hold: [/\b(?:resti in linea|rimanga in linea|attenda|un momento|un attimo|la metto in comunicazione)\b/],
  },
  pt: {
    asks: [/\b(?:diga|indique|grave|informe) (?:por favor )?o seu nome\b/, /\bmotivo d[ae] (?:sua )?(?:chamada|ligacao)\b/],
    key: [/\b(?:prima|pressione|digite|marque|tecle) (?:o |a tecla |o numero )?(\d|zero|um|dois|tres|quatro|cinco|seis|sete|oito|nove|asterisco|cardinal)\b/],
    hold: [/\b(?:aguarde|nao desligue|um momento|fique na linha|permaneca em linha|estou a transferir|transferindo)\b/],
  },
  nl: {
    asks: [/\b(?:zeg|noem|spreek) (?:alstublieft |a\.?u\.?b\.? )?uw naam\b/, /\breden van uw (?:gesprek|telefoontje|oproep)\b/, /\bwaarom u belt\b/],
    key: [/\b(?:druk|toets|kies) (?:op )?(?:de )?(?:toets )?(?:een )?(\d|nul|een|twee|drie|vier|vijf|zes|zeven|acht|negen|sterretje|hekje)\b/],
    hold: [/\b(?:blijf aan de lijn|blijft u aan de lijn|een moment|ogenblik|even geduld|u wordt doorverbonden)\b/],
  },
};

export const KEY_WORDS: Readonly<Record<string, string>> = {
  ...keys('zero one two three four five six seven eight nine'),
  ...keys('null eins zwei drei vier funf sechs sieben acht neun'),
  ...keys('cero uno dos tres cuatro cinco seis siete ocho nueve'),
  ...keys('zero un deux trois quatre cinq six sept huit neuf'),
  ...keys('zero uno due tre quattro cinque sei sette otto nove'),
  ...keys('zero um dois tres quatro cinco seis sete oito nove'),
  ...keys('nul een twee drie vier vijf zes zeven acht negen'),
  ...Object.fromEntries(['star', 'stern', 'asterisco', 'etoile', 'sterretje'].map((word) => [word, '*'])),
  ...Object.fromEntries(['pound', 'hash', 'raute', 'almohadilla', 'diese', 'cancelletto', 'cardinal', 'hekje'].map((word) => [word, '#'])),
};

function keys(words: string): Record<string, string> {
  return Object.fromEntries(words.split(' ').map((word, digit) => [word, String(digit)]));
}

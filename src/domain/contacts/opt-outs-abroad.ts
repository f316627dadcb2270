/** Behind such a wish: only a time, a day or a number is meant. */
const NO_LIMIT_DE = '(?!\\s+(?:nach|vor|heute|morgen|jetzt|so|am|um|zwischen|während|bis|abends|nachts|sonntags|samstags|auf))';
const NO_LIMIT_ES = '(?!\\s+(?:después|despues|antes|hoy|ahora|mañana|los|el|a las|por la|tan|hasta|en (?:el trabajo|domingo)))';
const NO_LIMIT_FR = '(?!\\s+(?:après|apres|avant|aujourd|maintenant|demain|le|les|si|ce|cette|au travail|jusqu|pendant))';
const NO_LIMIT_IT = '(?!\\s+(?:dopo|prima|oggi|adesso|ora|domani|di (?:sera|notte)|la (?:sera|domenica)|così|fino|al lavoro))';
const NO_LIMIT_PT = '(?!\\s+(?:depois|antes|hoje|agora|amanhã|à noite|de noite|no domingo|aos|tão|até|no trabalho))';
const NO_LIMIT_NL = '(?!\\s+(?:na|voor|vandaag|nu|morgen|zo|op|om|tussen|tijdens|tot|’s avonds|overdag))';

/** The wish not to be called again, in the languages that assistants speak besides English. */
export const OPT_OUTS_ABROAD: readonly RegExp[] = [
  // German
  `ruf(?:en|t)? (?:sie |ihr )?(?:mich|uns|hier|bei mir|bei uns|diese nummer|unter dieser nummer)?\\s*(?:bitte )?(?:(?:nie|nicht) (?:mehr|wieder|noch einmal)|nie)(?: wieder| mehr)?(?: bei mir| hier)? an${NO_LIMIT_DE}`,
  `(?:nicht|nie) (?:mehr|wieder) (?:angerufen|kontaktiert|belästigt) werden${NO_LIMIT_DE}`,
  `(?:hören|hört|hör) (?:sie |bitte )*(?:endlich )?(?:mal )?auf,? (?:mich |uns |hier )?anzurufen${NO_LIMIT_DE}`,
  '(?:nehmen|streichen|löschen|entfernen|streich|lösch|nimm|löscht|streicht|nehmt) (?:sie )?(?:bitte )?(?:mich|uns|meine nummer|meine daten|diese nummer)(?: bitte)?(?: (?:von|aus) (?:ihrer|der|eurer|dieser|ihrem|dem|deiner)(?: \\S+)? ?(?:liste|anrufliste|datenbank|kartei|system|verteiler|telefonliste)|$|[.!,])',
  `keine (?:weiteren )?anrufe mehr${NO_LIMIT_DE}`,
  'von (?:ihrer|der|eurer) (?:liste|anrufliste|telefonliste) (?:gestrichen|gelöscht|genommen|runter)',
  // Spanish
  `no (?:me|nos) (?:vuelvan?|vuelvas) a (?:llamar|contactar|molestar)${NO_LIMIT_ES}`,
  `no (?:me|nos) (?:llamen?|llames|contacten?|molesten?) (?:más|mas|nunca más|nunca|jamás)${NO_LIMIT_ES}`,
  `(?:dejen?|deja|paren?) (?:ya )?de (?:llamar(?:me|nos)?|molestar(?:me|nos)?|contactar(?:me|nos)?)${NO_LIMIT_ES}`,
  '(?:quít|quit|bórr|borr|sáqu|saqu|elimín|elimin|retír|retir)(?:en|e|a|uen|ue)(?:me|nos) de (?:su|la|esa|esta|tu|sus|las) ?(?:lista|listas|base|sistema)',
  `no quiero (?:recibir )?(?:más|mas|ninguna) (?:llamadas?|llamada más)${NO_LIMIT_ES}`,
  // French
  `ne (?:m'|me |nous )(?:appelez|appelle|rappelez|rappelle|contactez|téléphonez|dérangez) (?:plus|plus jamais|jamais plus|jamais)${NO_LIMIT_FR}`,
  `(?:arrêtez|cessez|arrête|stop) (?:de |avec )(?:m'appeler|me téléphoner|nous appeler|m'embêter|me contacter|me déranger|vos appels|les appels)${NO_LIMIT_FR}`,
  '(?:retirez|enlevez|rayez|supprimez|effacez|ôtez|sortez)[- ](?:moi|nous|mon numéro|ce numéro|mon nom) de (?:votre|la|vos|cette|toutes vos) ?(?:liste|listes|fichier|fichiers|base|système)',
  `(?:plus d'appels?|plus aucun appel|ne (?:veux|souhaite) plus (?:être (?:appelée?|contactée?|dérangée?)|recevoir (?:d'|vos )appels))${NO_LIMIT_FR}`,
  // Italian
  `non (?:mi |ci )?(?:chiam(?:ate|i|are|atemi|armi|ateci)|telefon(?:ate|i|atemi|armi)|contatt(?:ate|i|atemi|armi))(?: (?:più|mai più))${NO_LIMIT_IT}`,
  `(?:smett(?:ete|a|ila|etela)|finit(?:ela|e)) di (?:chiamar(?:mi|ci|e)|telefonar(?:mi|e)|disturbar(?:mi|e))${NO_LIMIT_IT}`,
  '(?:toglie(?:temi|teci)|cancella(?:temi|teci)|rimuove(?:temi|teci)|elimina(?:temi|teci)|mi tolga|mi cancelli|mi rimuova) dall(?:a|e|o) ?(?:vostr[ae] |sua )?(?:lista|liste|elenco|sistema)',
  `non voglio (?:più )?(?:ricevere )?(?:più |altre )?(?:chiamate|telefonate|essere (?:chiamat|contattat|disturbat)[oaie])${NO_LIMIT_IT}`,
  // Portuguese
  `n[ãa]o (?:me|nos) (?:liguem?|telefonem?|contactem?|contatem?|chamem?|incomodem?) (?:mais|nunca mais)${NO_LIMIT_PT}`,
  `n[ãa]o (?:voltem?|volte) a (?:me )?(?:ligar|telefonar|contactar)(?:-me)?${NO_LIMIT_PT}`,
  `(?:parem?|para|deixem?) de (?:me |nos )?(?:ligar|telefonar|incomodar|contactar)(?:-me|-nos)?${NO_LIMIT_PT}`,
  '(?:(?:tirem?|retirem?|removam?|apaguem?|risquem?)-?(?:me|nos)|me (?:tirem?|tira|retirem?|removam?)) d(?:a|e|o|as) ?(?:sua |vossa |suas )?(?:lista|listas|base|sistema)',
  `n[ãa]o quero (?:mais |receber )+(?:ligações|chamadas|telefonemas|ser (?:contactad|contatad)[oa])${NO_LIMIT_PT}`,
  // Dutch
  `bel(?:t|len)? (?:u |jullie )?(?:me|mij|ons|hier|dit nummer)?\\s*(?:alsjeblieft |alstublieft )?(?:niet|nooit) (?:meer|weer|opnieuw)(?: op)?${NO_LIMIT_NL}`,
  `(?:stop|hou op|houd op|houdt op) met (?:mij |me |ons )?(?:te )?(?:bellen|lastigvallen|lastig te vallen)${NO_LIMIT_NL}`,
  '(?:haal|halen|verwijder|verwijderen|schrap|schrappen|wis) (?:u |jullie )?(?:me|mij|ons|mijn nummer|dit nummer) (?:alstublieft |alsjeblieft )?(?:van|uit) (?:uw|de|jullie|deze|je|dat|het) ?(?:lijst|bellijst|bestand|systeem|database)',
  `(?:niet|nooit) meer (?:gebeld|benaderd|lastiggevallen) worden${NO_LIMIT_NL}`,
  `geen (?:telefoontjes|telefoon|oproepen) meer${NO_LIMIT_NL}`,
].map((source) => new RegExp(`(?<![\\p{L}])${source}`, 'u'));

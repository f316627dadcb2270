/** How people say how often, by the words of options such as forms have. Keys and options are compared in lower case. */
const SAID: readonly (readonly [option: RegExp, said: RegExp])[] = [
  [
    /^(?:daily|every day)$/,
    /^(?:i (?:use|take|do) (?:it|that|them) )?(?:every (?:single )?day|daily|each day|day in,? day out|(?:once|twice|several times|two or three times) a day)$/,
  ],
  [
    /^(?:weekly|every week|once a week)$/,
    /^(?:i (?:use|take|do) (?:it|that|them) )?(?:every week|weekly|each week|(?:about |maybe |around )?(?:once|twice|a couple of times|a few times|several times|one or two times|two or three times|three times) (?:a|per|each|every) week)$/,
  ],
  [
    /^(?:monthly|every month|once a month)$/,
    /^(?:i (?:use|take|do) (?:it|that|them) )?(?:every month|monthly|each month|(?:about |maybe |around )?(?:once|twice|a couple of times|a few times|one or two times|two or three times) (?:a|per|each|every) month)$/,
  ],
  [
    /^(?:rarely|seldom|hardly ever)$/,
    /^(?:very )?(?:rarely|seldom|hardly ever|almost never|once in a blue moon|(?:once|twice|one or two times|a couple of times|a few times) a year)$/,
  ],
  [/^never$/, /^(?:never|never ever|not once|never have|never do|i never (?:do|have|did))$/],
];

/** The one option that says as often; null where none or several do. */
export function frequencyOption(options: readonly string[], bare: string): string | null {
  const found = options.filter((option) => SAID.some(([named, said]) => named.test(option.trim().toLowerCase()) && said.test(bare)));
  return found.length === 1 ? (found[0] ?? null) : null;
}

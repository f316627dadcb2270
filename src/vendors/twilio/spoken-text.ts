/** Of one `<Say>` and of one hint, with room to spare. */
const LONGEST = 3_000;

/**
 * Words as XML takes them: whoever wrote them, an assistant's settings or a model, may have used characters that XML
 * does not have, for which a whole document would be refused (XML 1.0, section 2.2).
 */
export const spokenText = (text: string): string =>
  text
    .slice(0, LONGEST)
    .toWellFormed()
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, ' ');

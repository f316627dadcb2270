const NAMES: Readonly<Record<string, string>> = { CALLER: 'Caller', ASSISTANT: 'Assistant', AGENT: 'Agent' };

/**
 * The conversation as people read it: a line a turn, in order, with what the other side heard of it.
 * What nobody said stands in brackets.
 *
 * @param turns in order.
 */
export const transcriptText = (
  turns: readonly { readonly speaker: string; readonly text: string; readonly heardText: string; readonly interrupted: boolean }[],
): string =>
  turns
    .map(({ speaker, text, heardText, interrupted }) =>
      speaker === 'SYSTEM' ? `[${text}]` : `${NAMES[speaker] ?? speaker}: ${heardText}${interrupted ? ' …' : ''}`,
    )
    .join('\n');

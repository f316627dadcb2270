const NAMES: Readonly<Record<string, string>> = { CALLER: 'Caller', ASSISTANT: 'Assistant', AGENT: 'Agent', SYSTEM: 'System' };

/**
 * The conversation as people read it: a line a turn, in order, with what the other side heard of it.
 *
 * @param turns in order.
 */
export const transcriptText = (turns: readonly { readonly speaker: string; readonly heardText: string; readonly interrupted: boolean }[]): string =>
  turns.map(({ speaker, heardText, interrupted }) => `${NAMES[speaker] ?? speaker}: ${heardText}${interrupted ? ' …' : ''}`).join('\n');

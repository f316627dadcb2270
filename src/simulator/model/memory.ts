/** One thing the model knows of the conversation, as it remembers it. */
export type Memory =
  | { readonly type: 'caller'; readonly text: string }
  /** What the caller was let hear, as far as the model was told. */
  | { readonly type: 'assistant'; readonly text: string }
  | { readonly type: 'system'; readonly text: string }
  | { readonly type: 'tool-call'; readonly callId: string; readonly name: string; readonly arguments: string }
  | { readonly type: 'tool-result'; readonly callId: string; readonly output: string };

/** What an answer is to. Words of its own that came after it bridged a wait: the result was on its way when they were asked for. */
export const toAnswer = (memory: readonly Memory[]): Memory | undefined => memory.findLast(({ type }) => type !== 'assistant');

/**
 * A text model: it answers in a conversation, with tools, and reads what it is given into a shape.
 *
 * Requests have no side effects but their price, so whoever asks may ask again. What the model writes is its own word:
 * names and arguments of tools are not checked, and an extracted value is to be read by a schema before it is believed.
 */
export interface TextModel {
  readonly name: string;
  /**
   * Goes on with a conversation.
   *
   * @returns what it says, the tools it wants, or both.
   * @throws TextModelError
   */
  answer(request: AnswerRequest, signal?: AbortSignal): Promise<TextAnswer>;
  /**
   * Reads a text into a JSON value.
   *
   * @throws TextModelError
   */
  extract(request: ExtractRequest, signal?: AbortSignal): Promise<Extraction>;
}

export interface AnswerRequest {
  readonly instructions: string;
  readonly items: readonly TextItem[];
  readonly tools: readonly TextTool[];
  /** About so long the answer may be. */
  readonly maximumTokens?: number;
  /** After this long the answer counts as not given. */
  readonly timeoutMs?: number;
}

export type TextItem =
  | { readonly type: 'caller' | 'assistant'; readonly text: string }
  /** Nobody said it: the business lets the model know. */
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'tool-call'; readonly callId: string; readonly name: string; readonly arguments: string }
  | { readonly type: 'tool-result'; readonly callId: string; readonly output: string };

export interface TextTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface TextAnswer {
  /** Empty where it only calls tools. */
  readonly text: string;
  readonly toolCalls: readonly {
    readonly callId: string;
    readonly name: string /** JSON text as the model wrote it; not checked. */;
    readonly arguments: string;
  }[];
  readonly usage: TextUsage;
}

export interface ExtractRequest {
  readonly instructions: string;
  readonly text: string;
  /** What the shape is called, in letters, digits and underscores. */
  readonly name: string;
  /** JSON Schema; every object closed, and all its properties required. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly maximumTokens?: number;
  readonly timeoutMs?: number;
}

export interface Extraction {
  /** JSON that the model says fits the schema. */
  readonly value: unknown;
  readonly usage: TextUsage;
}

/** Tokens of one request; the cached ones are part of the input. */
export interface TextUsage {
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
}

/** The model gave no answer. */
export class TextModelError extends Error {
  override readonly name = 'TextModelError';
  /**
   * - `refused`      the request cannot be answered, now or later: its content, its size, our key.
   * - `unavailable`  the service is away or busy: later it may.
   * - `uncertain`    no answer came in time: it may be under way, and paid for.
   */
  readonly kind: 'refused' | 'unavailable' | 'uncertain';
  readonly code: string;

  constructor(message: string, kind: TextModelError['kind'], code: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
    this.code = code;
  }
}

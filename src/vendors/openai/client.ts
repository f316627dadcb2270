import type OpenAI from 'openai';

export interface OpenAiAccount {
  readonly apiKey: string;
  /** Ends in `/v1`. */
  readonly baseUrl: string;
}

/** The vendor's REST client, loaded when it is first needed. It does not retry: whoever asks knows how long there is time. */
export function openAiClient({ apiKey, baseUrl }: OpenAiAccount): () => Promise<OpenAI> {
  let loaded: Promise<OpenAI> | undefined;
  return () => {
    // What the environment may say besides (organisation, project, log level) is not ours to pass on.
    loaded ??= import('openai').then(
      ({ OpenAI: Client }) => new Client({ apiKey, baseURL: baseUrl, maxRetries: 0, organization: null, project: null, logLevel: 'off' }),
    );
    return loaded;
  };
}

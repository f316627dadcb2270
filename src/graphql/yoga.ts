import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { createYoga, handleStreamOrSingleExecutionResult, type Plugin } from 'graphql-yoga';
import { authenticate } from '../domain/identity/authenticate.ts';
import { newId } from '../kit/ids.ts';
import { type ApiParts, type Context, createContext, type Exchange } from './context.ts';
import { header, readCredential } from './exchange.ts';
import { refuseForgedRequests } from './forged-requests.ts';
import { graphiqlOptions, renderGraphiql } from './graphiql.ts';
import { publicError } from './public-errors.ts';
import { schema } from './schema.ts';

/** Bytes. A long prompt with a hundred answers is 100 KB. */
const MAX_BODY = 1_000_000;
/** One file of the largest size, and what stands around it. */
const MAX_UPLOAD = 21 * 1024 * 1024;

/** Whether a request is one with files: those have a server with a limit of their own. */
export const isUpload = (request: IncomingMessage): boolean => /^multipart\/form-data\b/i.test(header(request, 'content-type') ?? '');
const MAX_TOKENS = 10_000;

/** What comes with an operation: a request, or from a socket the context made for it. */
export type Arrival = { readonly req: IncomingMessage; readonly res: ServerResponse; readonly exchange: Exchange } | { readonly prepared: Context };

/** @param uploads whether it takes requests with files. */
export function createGraphqlServer(app: ApiParts, { uploads = false } = {}) {
  return createYoga<Arrival, Context>({
    schema,
    graphqlEndpoint: '{/mobile}?/graphql',
    landingPage: false,
    graphiql: (request) => graphiqlOptions(new URL(request.url).pathname, app.callLab !== null),
    renderGraphiQL: renderGraphiql,
    batching: false,
    multipart: uploads,
    maxRequestBodySize: uploads ? MAX_UPLOAD : MAX_BODY,
    cors: { origin: [...app.config.allowedOrigins], credentials: true, methods: ['GET', 'POST'], exposedHeaders: ['x-request-id'], maxAge: 600 },
    logging: false,
    // What a resolver throws is made public by `showErrors`, which knows the request; this is for what comes before.
    maskedErrors: { maskError: (error) => publicError(error, { logger: app.logger, requestId: newId() }) },
    parserAndValidationCache: true,
    plugins: [refuseForgedRequests(app.config), limitTokens, showErrors(app)],
    context: async (initial) => {
      const made = 'prepared' in initial ? initial.prepared : await requestContext(app, initial);
      // The envelope would copy values, and so run `scope`, which is not for everybody: the properties themselves are put there.
      Object.defineProperties(initial, Object.getOwnPropertyDescriptors(made));
      return {} as Context;
    },
  });
}

async function requestContext(app: ApiParts, { req, exchange }: { req: IncomingMessage; exchange: Exchange }): Promise<Context> {
  try {
    return createContext(app, exchange, await authenticate(app, readCredential(app, header(req, 'authorization'), req.headers.cookie)));
  } catch (error) {
    throw publicError(error, { logger: app.logger, requestId: exchange.requestId });
  }
}

const limitTokens: Plugin = {
  onParse({ parseFn, setParseFn }) {
    setParseFn((source, options) => parseFn(source, { ...options, maxTokens: MAX_TOKENS }));
  },
};

function showErrors({ logger }: ApiParts): Plugin<Context> {
  const shown = (result: ExecutionResult, { exchange }: Pick<Context, 'exchange'>): ExecutionResult =>
    result.errors ? { ...result, errors: result.errors.map((error) => publicError(error, { logger, requestId: exchange.requestId })) } : result;
  return {
    // What is wrong with the document is found before anything is executed.
    onExecutionResult({ result, setResult, context }) {
      if (result && 'errors' in result && 'exchange' in context) setResult(shown(result as ExecutionResult, context as unknown as Context));
    },
    onExecute: ({ args }) => ({
      onExecuteDone: (payload) => handleStreamOrSingleExecutionResult(payload, ({ result, setResult }) => setResult(shown(result, args.contextValue))),
    }),
    onSubscribe: ({ args }) => ({
      onSubscribeResult: (payload) => handleStreamOrSingleExecutionResult(payload, ({ result, setResult }) => setResult(shown(result, args.contextValue))),
      onSubscribeError: ({ error, setError }) => setError(publicError(error, { logger, requestId: args.contextValue.exchange.requestId })),
    }),
  };
}

import type { GraphiQLOptions } from 'graphql-yoga';
import { tour } from './tour.ts';

/** @param endpoint the path that the page was asked for by, so that it talks to the same one. */
export const graphiqlOptions = (endpoint: string): GraphiQLOptions => ({
  title: 'Callgraph',
  endpoint,
  subscriptionsProtocol: 'WS',
  credentials: 'same-origin',
  shouldPersistHeaders: false,
  defaultEditorToolsVisibility: 'headers',
  defaultTabs: tour,
});

/** The page with everything it needs inside: it works without the internet. 9 MB, so it is loaded when first asked for. */
export async function renderGraphiql(options: GraphiQLOptions): Promise<string> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  return renderGraphiQL(options);
}

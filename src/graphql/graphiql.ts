import type { GraphiQLOptions } from 'graphql-yoga';
import { tour } from './tour.ts';

/**
 * @param endpoint the path that the page was asked for by, so that it talks to the same one.
 * @param simulated whether there is a demo workspace, and people who can be had call it.
 */
export function graphiqlOptions(endpoint: string, simulated: boolean): GraphiQLOptions {
  const tabs = tour(simulated).map((tab) => ({ ...tab, headers: HEADERS }));
  // The variables of the tab that is open first are taken from here alone; the options' type does not know it.
  const first = { variables: tabs[0]?.variables };
  return {
    ...first,
    title: 'Callgraph',
    endpoint,
    subscriptionsProtocol: 'WS',
    credentials: 'same-origin',
    shouldPersistHeaders: false,
    headers: HEADERS,
    defaultEditorToolsVisibility: 'variables',
    defaultTabs: tabs,
  };
}

/** An empty token counts as none, and the cookie of the first step speaks. */
const HEADERS = JSON.stringify({ Authorization: '' }, null, 2);

/** The page with everything it needs inside: it works without the internet. 9 MB, so it is loaded when first asked for. */
export async function renderGraphiql(options: GraphiQLOptions): Promise<string> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  return renderGraphiQL(options).replace('</head>', `<style>${TABS_STAY}</style></head>`);
}

/** A shift is left on the tabs from when they were made; it would show with the press of a button, and the tab leap from under the pointer. */
const TABS_STAY = '.graphiql-tab { transform: none !important; }';

/** Who a workspace is for: a person with a phone app, or a business. */
export type Platform = 'CONSUMER' | 'BUSINESS';

/** What a request tells of the app that sent it. */
export interface AppSigns {
  /** The header `X-App-Type`: `mobile` or `web`. */
  readonly appType: string | null;
  readonly userAgent: string | null;
  /** The path the request came by, e.g. `/mobile/graphql`. */
  readonly path: string;
}

const PHONE_APP = /\bSpeech-Assistant-Mobile-(iOS|Android)\b/i;

/**
 * The platform of a request (plans.md): the header decides, else a phone app's user agent, else the path prefix
 * `/mobile`, else it is a business. It decides what `register` creates; afterwards the workspace's own platform rules.
 */
export function detectPlatform({ appType, userAgent, path }: AppSigns): Platform {
  const named = appType?.trim().toLowerCase();
  if (named === 'mobile') return 'CONSUMER';
  if (named === 'web') return 'BUSINESS';
  if (userAgent && PHONE_APP.test(userAgent)) return 'CONSUMER';
  return /^\/mobile(\/|$)/.test(path) ? 'CONSUMER' : 'BUSINESS';
}

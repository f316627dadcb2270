import { useCSRFPrevention } from '@graphql-yoga/plugin-csrf-prevention';
import type { Plugin } from 'graphql-yoga';
import { isTrustedOrigin } from './origins.ts';
import { readSessionCookie } from './session-cookie.ts';

const { onRequestParse } = useCSRFPrevention({ requestHeaders: ['x-graphql-yoga-csrf', 'x-app-type', 'authorization', 'apollo-require-preflight'] });

/**
 * Keeps a page of another site from using a visitor's cookie. A request that a browser would send without asking us
 * first, with a cookie or to get one, needs a header that makes it ask, or to come from one of our own pages.
 */
export function refuseForgedRequests(config: { publicUrl: string; allowedOrigins: readonly string[] }): Plugin {
  return {
    onRequestParse(payload) {
      const { headers, method } = payload.request;
      if (method !== 'POST' && !readSessionCookie(config.publicUrl, headers.get('cookie'))) return undefined;
      const origin = headers.get('origin');
      const own = origin ? isTrustedOrigin(config, origin, headers.get('host')) : headers.get('sec-fetch-site') === 'same-origin';
      return own ? undefined : onRequestParse?.(payload);
    },
  };
}

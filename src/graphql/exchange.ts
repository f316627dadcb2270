import type { IncomingMessage } from 'node:http';
import type { Credential } from '../domain/identity/authenticate.ts';
import { detectPlatform } from '../domain/platforms/detect-platform.ts';
import { newId } from '../kit/ids.ts';
import { clientAddress } from './client-address.ts';
import type { ApiParts, Exchange } from './context.ts';
import { decodeNodeId } from './node-ids.ts';
import { readSessionCookie } from './session-cookie.ts';

/** What a request says of itself. */
export function readExchange(app: ApiParts, request: IncomingMessage, setCookie: Exchange['setCookie']): Exchange {
  return {
    requestId: requestId(header(request, 'x-request-id')),
    receivedAt: app.clock.now(),
    address: clientAddress(request.socket.remoteAddress, header(request, 'x-forwarded-for'), app.config.trustedProxies),
    platform: detectPlatform({ appType: header(request, 'x-app-type'), userAgent: header(request, 'user-agent'), path: request.url ?? '/' }),
    workspaceId: readWorkspaceId(header(request, 'x-workspace-id')),
    byCookie: readCredential(app, header(request, 'authorization'), request.headers.cookie)?.type === 'cookie',
    setCookie,
    sessionEnded: null,
  };
}

/** The Authorization header speaks before the cookie. */
export function readCredential(app: ApiParts, authorization: string | null, cookieHeader: string | undefined): Credential | null {
  const bearer = /^Bearer +(\S+)$/i.exec(authorization?.trim() ?? '')?.[1];
  if (bearer) return { type: 'bearer', token: bearer };
  const cookie = readSessionCookie(app.config.publicUrl, cookieHeader);
  return cookie ? { type: 'cookie', token: cookie } : null;
}

/** @param text a workspace's global id; what is none names no workspace. */
export function readWorkspaceId(text: string | null): string | null {
  if (!text) return null;
  const { typename, id } = decodeNodeId(text);
  return typename === 'Workspace' ? id : text;
}

export const header = (request: IncomingMessage, name: string): string | null => {
  const value = request.headers[name];
  return (Array.isArray(value) ? value.join(',') : value) ?? null;
};

/** A proxy's own id is kept, so that one request has one id in all logs; nothing else gets into them this way. */
const requestId = (given: string | null) => (given && /^[\w.-]{8,64}$/.test(given) ? given : newId());

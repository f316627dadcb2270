/** The cookie that holds a browser's sign-in. Scripts cannot read it; other sites' pages cannot make a browser send it with a request that acts. */
const NAME = 'callgraph_session';

/** @param publicUrl over https the cookie is bound to it and to this host. */
export function sessionCookie(publicUrl: string, token: string, expiresAt: Date): string {
  return `${cookieName(publicUrl)}=${token}; Expires=${expiresAt.toUTCString()}; ${attributes(publicUrl)}`;
}

export const clearedSessionCookie = (publicUrl: string) => `${cookieName(publicUrl)}=; Max-Age=0; ${attributes(publicUrl)}`;

/** @param header the request's Cookie header. */
export function readSessionCookie(publicUrl: string, header: string | null | undefined): string | null {
  const prefix = `${cookieName(publicUrl)}=`;
  const pair = header?.split(';').find((part) => part.trim().startsWith(prefix));
  return pair?.trim().slice(prefix.length) || null;
}

const isSecure = (publicUrl: string) => publicUrl.startsWith('https:');
const cookieName = (publicUrl: string) => (isSecure(publicUrl) ? `__Host-${NAME}` : NAME);
const attributes = (publicUrl: string) => `Path=/; HttpOnly; SameSite=Lax${isSecure(publicUrl) ? '; Secure' : ''}`;

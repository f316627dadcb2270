/** Whether a page of this origin may speak for the browser's user: the API's own pages, and those on the allow-list. */
export function isTrustedOrigin(config: { publicUrl: string; allowedOrigins: readonly string[] }, origin: string, host: string | null): boolean {
  if (config.allowedOrigins.includes(origin)) return true;
  const address = URL.parse(origin);
  return address !== null && (address.host === host || address.origin === new URL(config.publicUrl).origin);
}

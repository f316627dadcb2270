import { isIPv6 } from 'node:net';

/**
 * The address that a request came from: the last hop that is not one of our own proxies.
 *
 * @param remoteAddress the socket's other end.
 * @param forwardedFor the header X-Forwarded-For; each proxy appends the address it was asked by.
 * @param trustedProxies how many proxies in front are ours. 0 believes nothing that a header says.
 * @returns for IPv6 the /64, which is what one subscriber holds (RFC 6177).
 */
export function clientAddress(remoteAddress: string | undefined, forwardedFor: string | null, trustedProxies: number): string {
  const hops = [...(forwardedFor?.split(',').map((hop) => hop.trim()) ?? []), remoteAddress ?? ''];
  const address = hops[Math.max(0, hops.length - 1 - trustedProxies)] ?? '';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1]) return mapped[1];
  return isIPv6(address) ? `${networkOf(address)}::/64` : address;
}

function networkOf(address: string): string {
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const groups = tail === undefined ? left : [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

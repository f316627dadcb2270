import type http from 'node:http';

/** What a network does to a request instead of bringing its answer; what was asked for is done, or not. */
export type NetworkTrouble =
  /** Answers with a body that is not JSON. */
  | { readonly type: 'garbage'; readonly status: number; readonly done: boolean }
  /** Breaks the connection. */
  | { readonly type: 'break'; readonly done: boolean }
  /** Never answers. */
  | { readonly type: 'hang'; readonly done: boolean };

export function makeTrouble(trouble: NetworkTrouble, work: () => unknown, res: http.ServerResponse): void {
  if (trouble.done) work();
  if (trouble.type === 'garbage') res.writeHead(trouble.status, { 'content-type': 'text/html' }).end('<html>upstream is not well</html>');
  if (trouble.type === 'break') res.destroy();
}

/** A global `ID` taken apart: the type's name and the row's own id. */
export interface NodeId {
  readonly typename: string;
  readonly id: string;
}

export const encodeNodeId = (typename: string, id: string | number | bigint) => Buffer.from(`${typename}:${id}`).toString('base64url');

/** Never throws: what is no id of ours names nothing, and so nothing is found. */
export function decodeNodeId(globalId: string): NodeId {
  const [, typename, id] = /^([A-Za-z]+):([0-9A-Za-z_-]+)$/.exec(Buffer.from(globalId, 'base64url').toString('utf8')) ?? [];
  return typename && id ? { typename, id } : { typename: '', id: '' };
}

/** The row's id in an argument that takes a `typename`; of anything else it is the id of nothing. */
export function idOf(typename: string, nodeId: NodeId): string;
export function idOf(typename: string, nodeId: NodeId | null | undefined): string | null;
export function idOf(typename: string, nodeId: NodeId | null | undefined): string | null {
  if (!nodeId) return null;
  return nodeId.typename === typename ? nodeId.id : '';
}

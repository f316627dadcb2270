import net, { type Socket } from 'node:net';

/**
 * Reads without memory of their own. A socket that emits `data` gets 64 KB for each read, cut to what came and collected
 * later: at some hundred bytes fifty times a second and call that is most of a bridge's garbage, and a tenth of its time.
 */

/** Reads go into this one, whatever the socket: what is read is dealt with before the next read. */
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024);

/** What `net.connect` and `tls.connect` take. `read`'s bytes are valid only during the call. */
export const onread = (read: (chunk: Buffer) => void) => ({
  buffer: readBuffer,
  callback: (length: number): true => {
    read(readBuffer.subarray(0, length));
    return true;
  },
});

/**
 * The same for a socket that a server has accepted. Node has no option for it, so a second socket is made around the
 * first one's handle, as Node makes one itself. The handle is Node's own affair: where there is none of the shape that
 * is known here (another Node, TLS), the socket goes on as it is and `data` is listened to.
 *
 * @param socket nothing of it may be in use any more; it is let go of with the one that is returned.
 * @returns the socket to use from here on.
 */
export function readingSocket(socket: Socket, read: (chunk: Buffer) => void): Socket {
  const handle = takeHandle(socket);
  if (!handle) return socket.on('data', read);
  const around: object = { handle };
  const { allowHalfOpen } = socket;
  // The server counts the first one among its connections until it is destroyed.
  return new net.Socket({ allowHalfOpen, onread: onread(read), ...around }).once('close', () => socket.destroy());
}

interface Handle {
  reading: boolean;
  readStop(): number;
  useUserBuffer(buffer: Uint8Array): void;
}

function takeHandle(socket: Socket & { _handle?: unknown }): Handle | null {
  const { _handle: handle } = socket;
  if (!isTcpHandle(handle) || handle.readStop() !== 0) return null;
  handle.reading = false;
  socket._handle = null;
  return handle;
}

const isTcpHandle = (handle: unknown): handle is Handle =>
  handle instanceof Object && handle.constructor.name === 'TCP' && 'reading' in handle && 'readStop' in handle && 'useUserBuffer' in handle;

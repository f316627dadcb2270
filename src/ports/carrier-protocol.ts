/**
 * The messages on a carrier's media socket, without the socket.
 *
 * A stream is made for each connection and is a pair of functions over frames: `read` turns what the
 * carrier sends into handler calls, and the makers below turn what we say into frames. The carrier
 * plays audio in order at the speed of speech and echoes each mark when everything before it has been
 * played, or dropped by `clear`: that is how we know what was heard.
 */
export interface CarrierProtocol {
  readonly name: string;
  open(handlers: CarrierStreamHandlers): CarrierStream;
}

export interface CarrierStream {
  /**
   * One received frame. Throws `CarrierProtocolError` where the frame is not of the protocol; the socket is then
   * to be closed with 4400.
   */
  read(frame: Buffer, isBinary: boolean): void;
  /** An audio message for the carrier is these bytes around the base64 text: whoever writes it puts them together. Valid after `started`. */
  readonly audioStart: Buffer;
  readonly audioEnd: Buffer;
  /** Messages for the carrier; valid after `started`. */
  mark(name: string): string;
  clear(): string;
}

export interface CarrierStreamHandlers {
  started(start: CarrierStreamStart): void;
  /** Caller audio: base64 of 8 kHz µ-law, valid only during the call (a view of the received frame). */
  audio(base64: Buffer): void;
  mark(name: string): void;
  digit(digit: string): void;
  stopped(): void;
}

export interface CarrierStreamStart {
  readonly streamId: string;
  readonly carrierCallId: string;
  /** The signed token that names the call; empty where none was sent. */
  readonly token: string;
}

export class CarrierProtocolError extends Error {
  override readonly name = 'CarrierProtocolError';
}

/**
 * Somebody's calendar, held by a service: consent to use it, its busy times, and events that we write into it.
 *
 * A calendar is used with an access token, which lives for about an hour and is had for a refresh token, which lives
 * until the person takes their consent back. Every method but those about consent takes one, and throws:
 *
 * - AccessRefused: the token is no good (any more): refresh it, and if that does not help consent is lost.
 * - ConsentLost: the person has taken consent back, or gave less than is needed. Nothing but the person helps.
 * - RateLimited: not now. Nothing was done.
 * - CalendarUnreachable: no clear answer came: it may have been done.
 * - CalendarRejected: the request makes no sense to the service; asking again does not help.
 */
export interface Calendar {
  readonly provider: string;
  /** Where a person's browser is sent to give consent. @param request.codeChallenge of PKCE, S256 (RFC 7636). */
  authorizationUrl(request: {
    state: string;
    codeChallenge: string;
    loginHint?: string;
    /** Asks for the right to read forms besides. */
    forms?: boolean;
  }): string;
  /** Turns the code that the browser brought back into tokens. @throws ConsentLost | RateLimited | CalendarUnreachable | CalendarRejected */
  exchange(request: { code: string; codeVerifier: string }): Promise<Consent>;
  /** @throws ConsentLost | RateLimited | CalendarUnreachable | CalendarRejected where our own settings are refused */
  refresh(refreshToken: string): Promise<FreshAccess>;
  /** Gives consent back; where it is gone already that is no error. @throws RateLimited | CalendarUnreachable | CalendarRejected */
  revoke(refreshToken: string): Promise<void>;

  /** When the calendar is busy, our own events included. Blocks may touch and are in order. */
  freeBusy(access: CalendarAccess, range: CalendarRange): Promise<CalendarTime[]>;
  /** @returns the event as written, or `exists` where one with this id is or was there. */
  insertEvent(access: CalendarAccess, event: NewCalendarEvent): Promise<CalendarEvent | 'exists'>;
  /** @returns null where there never was one; a deleted event is still there, as canceled. */
  findEvent(access: CalendarAccess, id: string): Promise<CalendarEvent | null>;
  /**
   * Moves an event, or brings a canceled one back. What people have changed of it apart from its time stays.
   *
   * @param change.etag only if the event is still this version.
   * @returns the event as it now is; `changed` where it is another version; `missing` where there is none.
   */
  updateEvent(access: CalendarAccess, change: CalendarEventChange): Promise<CalendarEvent | 'changed' | 'missing'>;
  /** Takes an event out; one that is gone is no error. @param event.notify tells its attendees. */
  cancelEvent(access: CalendarAccess, event: { id: string; notify: boolean }): Promise<void>;
  /**
   * What has happened since a sync token was given, or, without one, all events of a range.
   *
   * @returns the changes and the token for the next time; or `forgotten` where the service no longer knows the token,
   *   and everything has to be read again.
   */
  changesSince(access: CalendarAccess, since: { syncToken: string } | { range: CalendarRange }): Promise<CalendarChanges | 'forgotten'>;
}

/** A calendar and the right to use it. */
export interface CalendarAccess {
  readonly token: string;
  readonly calendarId: string;
  readonly signal?: AbortSignal;
}

export interface CalendarRange {
  readonly from: Date;
  readonly to: Date;
}

export interface CalendarTime {
  readonly startsAt: Date;
  readonly endsAt: Date;
}

export interface FreshAccess {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  /** Null: the one before stays good. */
  readonly refreshToken: string | null;
}

export interface Consent extends FreshAccess {
  readonly refreshToken: string;
  readonly accountId: string;
  readonly email: string;
  /** Whether it covers reading forms. */
  readonly forms: boolean;
}

export interface NewCalendarEvent extends CalendarTime {
  /** 5 to 1024 characters of `0-9a-v`, unique in the calendar for ever. The same id twice is one event. */
  readonly id: string;
  readonly timeZone: string;
  readonly title: string;
  readonly description: string;
  /** Who is invited, and told of every change. */
  readonly guest: { readonly email: string; readonly name: string } | null;
}

export interface CalendarEventChange extends CalendarTime {
  readonly id: string;
  readonly timeZone: string;
  readonly etag: string | null;
  readonly notify: boolean;
}

export interface CalendarEvent {
  readonly id: string;
  readonly etag: string;
  readonly canceled: boolean;
  /** Null where it is not told, as of events that are gone. An all-day event lasts its days in the calendar's zone. */
  readonly time: CalendarTime | null;
  readonly allDay: boolean;
  /** Whether its time is taken: not for events marked as free, and those the owner has declined. */
  readonly busy: boolean;
}

export interface CalendarChanges {
  readonly events: readonly CalendarEvent[];
  readonly syncToken: string;
}

export class AccessRefused extends Error {
  override readonly name = 'AccessRefused';
}

export class ConsentLost extends Error {
  override readonly name = 'ConsentLost';
}

export class RateLimited extends Error {
  override readonly name = 'RateLimited';
  readonly retryAfterSeconds: number;

  constructor(message: string, retryAfterSeconds: number) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export class CalendarUnreachable extends Error {
  override readonly name = 'CalendarUnreachable';
}

export class CalendarRejected extends Error {
  override readonly name = 'CalendarRejected';
  /** The service's own word, e.g. `notFound`. */
  readonly reason: string;

  constructor(message: string, reason: string) {
    super(message);
    this.reason = reason;
  }
}

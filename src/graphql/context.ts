import type { Registry } from 'prom-client';
import type { RootDb } from '../db/client.ts';
import { type TenantDb, tenantDb } from '../db/tenant.ts';
import type { EventSink } from '../db/transaction.ts';
import { type ViewerDb, viewerDb } from '../db/viewer.ts';
import type { KeptTimes } from '../domain/bookings/taken-times.ts';
import type { PriceList } from '../domain/calls/costs/pricing.ts';
import type { NotSignedIn, Viewer } from '../domain/identity/authenticate.ts';
import type { PlanScope } from '../domain/plans/subscription-of.ts';
import type { Platform } from '../domain/platforms/detect-platform.ts';
import type { Clock } from '../kit/clock.ts';
import { Fault } from '../kit/errors.ts';
import type { Logger } from '../kit/logger.ts';
import type { Sealer } from '../kit/seal.ts';
import type { Blobs } from '../ports/blobs.ts';
import type { Calendar } from '../ports/calendar.ts';
import type { CallLab } from '../ports/call-lab.ts';
import type { Carrier } from '../ports/carrier.ts';
import type { EventBus } from '../ports/event-bus.ts';
import type { Forms } from '../ports/forms.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { Payments } from '../ports/payments.ts';
import type { RateLimiter } from '../ports/rate-limiter.ts';
import type { Receipts } from '../ports/receipts.ts';
import type { TextModel } from '../ports/text-model.ts';

/** The parts of the App that the API and the verbs behind it use. */
export interface ApiParts {
  readonly config: {
    readonly production: boolean;
    readonly publicUrl: string;
    readonly frontendUrl: string;
    readonly allowedOrigins: readonly string[];
    readonly trustedProxies: number;
    readonly secretKeys: readonly [string, ...string[]];
    readonly prices: PriceList;
    readonly twilio: { readonly phoneNumber: string | null } | null;
    readonly simulator: { readonly speed: number } | null;
    readonly callsPerSecond: number;
    readonly callsPerNumberADay: number;
  };
  readonly logger: Logger;
  readonly clock: Clock;
  readonly metrics: Registry;
  readonly root: RootDb;
  readonly bus: EventBus;
  readonly jobs: JobQueue;
  readonly events: EventSink;
  readonly carrier: Carrier | null;
  /** Null where no model is configured. */
  readonly textModel: TextModel | null;
  /** Null where no calendar service is configured. */
  readonly calendar: Calendar | null;
  /** Null where no payment service is configured. */
  readonly payments: Payments | null;
  /** Null where no app store is configured. */
  readonly receipts: Receipts | null;
  /** Null where no Google client is configured. */
  readonly forms: Forms | null;
  readonly sealer: Sealer;
  /** Null where no simulator runs. */
  readonly callLab: CallLab | null;
  readonly rateLimiter: RateLimiter;
  readonly keptTimes: KeptTimes;
  readonly blobs: Blobs;
}

/** What a verb is given first: the App's parts, and the client of the one workspace it acts in. */
export interface Scope extends ApiParts {
  readonly db: TenantDb;
  readonly workspaceId: string;
  readonly viewer: Viewer;
}

/** One request as it reached us, or one operation on a socket. */
export interface Exchange {
  readonly requestId: string;
  readonly receivedAt: Date;
  /** The caller's network address; see `client-address.ts`. */
  readonly address: string;
  readonly platform: Platform;
  /** The header X-Workspace-Id, or the same name in a socket's connectionParams. */
  readonly workspaceId: string | null;
  /** Whether it is the sign-in's cookie that speaks for somebody. */
  readonly byCookie: boolean;
  /** Gives the response a cookie; null where there is no response to carry one, as on a socket. */
  readonly setCookie: ((cookie: string) => void) | null;
  /** Aborted when the sign-in that a socket was opened with ends; null for a request, which looks after itself. */
  readonly sessionEnded: AbortSignal | null;
}

/** What every resolver gets as its third argument. One for each operation. */
export interface Context {
  readonly app: ApiParts;
  readonly exchange: Exchange;
  /** Null where nobody is signed in; the scope `signedIn` has made sure of it wherever it is asked for. */
  readonly viewer: Viewer | null;
  /** Why there is no viewer, as a sentence. */
  readonly refusal: string | null;
  /** What the types load their fields with: the rows of all the viewer's workspaces, read only. */
  readonly db: ViewerDb;
  /** The active workspace's: the header X-Workspace-Id, else the viewer's first. @throws Fault UNAUTHENTICATED | NOT_FOUND */
  readonly scope: Scope;
  /** That of one of the viewer's workspaces. @throws Fault UNAUTHENTICATED | NOT_FOUND */
  tenant(workspaceId: string): Scope;
  /** To read what a workspace has, also one that only staff may see. @throws Fault UNAUTHENTICATED | NOT_FOUND */
  within(workspaceId: string): PlanScope;
  /** Lets the rest of the operation read every workspace. @throws Fault UNAUTHENTICATED | FORBIDDEN to all but platform staff */
  seeEverything(): RootDb;
  /** @throws Fault UNAUTHENTICATED */
  signedIn(): Viewer;
  /** Lets the rest of the operation speak for somebody who has just signed in. */
  become(viewer: Viewer): void;
}

export function createContext(app: ApiParts, exchange: Exchange, authenticated: Viewer | NotSignedIn): Context {
  let viewer = 'reason' in authenticated ? null : authenticated;
  const refusal = 'reason' in authenticated ? authenticated.reason : null;
  const scopes = new Map<string, Scope>();
  const workspaceIds = () => viewer?.memberships.map((membership) => membership.workspaceId) ?? [];

  const signedIn = () => {
    if (!viewer) throw new Fault('UNAUTHENTICATED', refusal ?? 'Sign in first.');
    return viewer;
  };
  const tenant = (workspaceId: string): Scope => {
    const who = signedIn();
    if (!workspaceIds().includes(workspaceId)) throw new Fault('NOT_FOUND', 'There is no such workspace.');
    const known = scopes.get(workspaceId);
    if (known) return known;
    const scope = { ...app, db: tenantDb(app.root, workspaceId), workspaceId, viewer: who };
    scopes.set(workspaceId, scope);
    return scope;
  };
  let everything = false;
  const context = {
    app,
    exchange,
    refusal,
    db: viewerDb(app.root, () => viewer && { userId: viewer.user.id, workspaceIds: workspaceIds(), everything }),
    tenant,
    within: (workspaceId: string): PlanScope => (everything ? { ...app, db: tenantDb(app.root, workspaceId) } : tenant(workspaceId)),
    seeEverything: () => {
      if (!signedIn().user.isStaff) throw new Fault('FORBIDDEN', 'This is for platform staff only.');
      everything = true;
      return app.root;
    },
    signedIn,
    become: (somebody: Viewer) => {
      viewer = somebody;
      everything = false;
      scopes.clear();
    },
  };
  // Properties that are asked for when needed, and left out where a context is copied.
  return Object.defineProperties(context, {
    viewer: { get: () => viewer },
    scope: {
      get: () => {
        signedIn();
        return tenant(exchange.workspaceId ?? workspaceIds()[0] ?? '');
      },
    },
  }) as Context;
}

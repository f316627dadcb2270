import type { Registry } from 'prom-client';
import type pg from 'pg';
import type { Config } from './config/config.ts';
import type { RootDb } from './db/client.ts';
import type { EventSink } from './db/transaction.ts';
import type { Clock } from './kit/clock.ts';
import type { Logger } from './kit/logger.ts';
import type { Carrier } from './ports/carrier.ts';
import type { CarrierProtocol } from './ports/carrier-protocol.ts';
import type { EventBus } from './ports/event-bus.ts';
import type { JobQueue } from './ports/job-queue.ts';
import type { VoiceModel } from './ports/voice-model.ts';

/** Everything a process is made of. Verbs name the few parts they need; the whole fits structurally. */
export interface App extends AsyncDisposable {
  readonly config: Config;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly metrics: Registry;
  /** Unscoped: see db/client.ts. */
  readonly root: RootDb;
  readonly pool: pg.Pool;
  readonly bus: EventBus;
  readonly jobs: JobQueue;
  readonly events: EventSink;
  /** Null where no carrier is configured: what needs one says so when used. */
  readonly carrier: Carrier | null;
  readonly carrierProtocol: CarrierProtocol;
  readonly voiceModel: VoiceModel | null;
}

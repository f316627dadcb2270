import type { Registry } from 'prom-client';
import type { claimCall } from '../domain/calls/claim-call.ts';
import type { recordUsage } from '../domain/calls/costs/record-usage.ts';
import type { keepCalls } from '../domain/calls/keep-calls.ts';
import type { noteCall } from '../domain/calls/note-call.ts';
import type { recordTurns } from '../domain/calls/record-turns.ts';
import type { releaseCall } from '../domain/calls/release-call.ts';
import type { runTool } from '../domain/calls/tools/run-tool.ts';
import type { Clock } from '../kit/clock.ts';
import type { Logger } from '../kit/logger.ts';
import type { Carrier } from '../ports/carrier.ts';
import type { CarrierProtocol } from '../ports/carrier-protocol.ts';
import type { EventBus } from '../ports/event-bus.ts';
import type { VoiceModel } from '../ports/voice-model.ts';

type ScopeOf<Verb extends (scope: never, ...rest: never[]) => unknown> = Parameters<Verb>[0];

/** The parts of the app that carry calls: what the verbs of a call need, and both ends of the bridge. */
export type MediaApp = ScopeOf<typeof claimCall> &
  ScopeOf<typeof releaseCall> &
  ScopeOf<typeof recordTurns> &
  ScopeOf<typeof recordUsage> &
  ScopeOf<typeof keepCalls> &
  ScopeOf<typeof runTool> &
  ScopeOf<typeof noteCall> & {
    readonly clock: Clock;
    readonly logger: Logger;
    readonly metrics: Registry;
    /** Null where no carrier is configured: then no socket is accepted. */
    readonly carrier: Pick<Carrier, 'isAuthenticStream' | 'path' | 'recordings'> | null;
    readonly bus: Pick<EventBus, 'subscribe'>;
    readonly carrierProtocol: CarrierProtocol;
    readonly voiceModel: VoiceModel;
  };

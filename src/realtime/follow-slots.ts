import type { EventBus } from '../ports/event-bus.ts';
import { listen } from './replay.ts';
import { type SlotsMessage, slotsTopic } from './topics.ts';

/** Something that keeps what it has read of assistants' days. */
interface SlotKeeper {
  forget(changed: SlotsMessage): void;
  clear(): void;
}

/** Tells a keeper what has changed in any process, from now until it is disposed of; and to clear where word of it may have been missed. */
export async function followSlots(bus: EventBus, keeper: SlotKeeper): Promise<AsyncDisposable> {
  const controller = new AbortController();
  const wakes = await listen(bus, [slotsTopic], controller.signal);
  const following = (async () => {
    for await (const wake of wakes) {
      if (wake.type === 'resync') keeper.clear();
      else keeper.forget(wake.payload);
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      controller.abort();
      await following;
    },
  };
}

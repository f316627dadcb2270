import type { ChildProcess } from 'node:child_process';

/** What one process offers another: named functions of one argument that survives structured cloning. */
export type Api = Record<string, (argument: never) => unknown>;

type Answer<A extends Api, K extends keyof A> = Promise<Awaited<ReturnType<A[K]>>>;

interface Request {
  readonly id: number;
  readonly name: string;
  /** Of the type that the function of this name takes: both ends are compiled from one `Api`. */
  readonly argument: unknown;
}

/** Answers the parent's calls until it is gone, and tells it that this process is ready. */
export function serve(api: Api): void {
  process.on('disconnect', () => process.exit(0));
  process.on('message', async ({ id, name, argument }: Request) => {
    try {
      process.send?.({ id, value: await api[name]?.(argument as never) });
    } catch (error) {
      process.send?.({ id, problem: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  process.send?.({ ready: true });
}

export class Remote<A extends Api> {
  readonly ready: Promise<void>;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #lastId = 0;

  constructor(child: ChildProcess) {
    this.#child = child;
    const ready = Promise.withResolvers<void>();
    this.ready = ready.promise;
    child.on('message', (message: { ready?: true; id?: number; value?: unknown; problem?: string }) => {
      if (message.ready) return ready.resolve();
      const waiting = this.#waiting.get(message.id ?? 0);
      this.#waiting.delete(message.id ?? 0);
      if (message.problem) waiting?.reject(new Error(message.problem));
      else waiting?.resolve(message.value);
    });
    child.on('exit', (code) => {
      const gone = new Error(`a harness process ended with ${code}`);
      ready.reject(gone);
      for (const waiting of this.#waiting.values()) waiting.reject(gone);
    });
  }

  /** @throws where the process ended or the function threw. */
  call<K extends keyof A & string>(name: K, argument: Parameters<A[K]>[0]): Answer<A, K> {
    const id = ++this.#lastId;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(id, waiting);
    this.#child.send({ id, name, argument } satisfies Request, (error) => error && waiting.reject(error));
    // Both ends are compiled from the one type A.
    return waiting.promise as Answer<A, K>;
  }
}

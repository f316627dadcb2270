/** Durable jobs in the database: at least once, so every handler is idempotent. */
export interface JobQueue extends AsyncDisposable {
  /**
   * Enqueues a job.
   *
   * @param options.transaction joins the transaction that made the job necessary: both commit or neither.
   * @param options.key at most one waiting job has this key; a second is dropped.
   * @param options.startAfter not before this instant.
   */
  enqueue(name: string, data: object, options?: { transaction?: SqlTransaction; key?: string; startAfter?: Date }): Promise<void>;
  /** Takes jobs of this name until the queue is disposed. A handler that throws is retried with backoff. */
  work(name: string, handler: (data: unknown, signal: AbortSignal) => Promise<void>): Promise<void>;
  /** Runs a job at the minutes of a cron expression, once over all processes. */
  schedule(name: string, cron: string): Promise<void>;
  /** Rejects where the queue does not answer. */
  ping(): Promise<void>;
}

/** The part of a Prisma transaction that a queue in the same database needs. */
export interface SqlTransaction {
  $executeRawUnsafe(sql: string, ...values: unknown[]): Promise<number>;
  $queryRawUnsafe<T = unknown>(sql: string, ...values: unknown[]): Promise<T>;
}

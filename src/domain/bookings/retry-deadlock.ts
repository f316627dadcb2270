import { Prisma } from '../../generated/prisma/client.ts';

const MOST_TRIES = 5;

/**
 * Runs a transaction again that the database has ended because it and another waited for each other: two bookings that
 * change places, say. The other is through by then, and the second try finds what it left.
 */
export async function retryDeadlock<T>(transaction: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await transaction();
    } catch (error) {
      if (tries >= MOST_TRIES || !isDeadlock(error)) throw error;
    }
  }
}

/** P2034: a write conflict or a deadlock, https://www.prisma.io/docs/orm/reference/error-reference */
const isDeadlock = (error: unknown) => error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2034';

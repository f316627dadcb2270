-- AlterTable
ALTER TABLE "Booking" ADD COLUMN     "movedAt" TIMESTAMPTZ(3);

-- What Prisma has no word for, by hand.

-- One call books one time once, however often its tool runs. A booking that was moved there stands beside it.
DROP INDEX "Booking_callId_startsAt_key";
CREATE UNIQUE INDEX "Booking_callId_startsAt_key" ON "Booking" ("callId", "startsAt") WHERE "status" <> 'CANCELED' AND "movedAt" IS NULL;

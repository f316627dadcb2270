-- CreateEnum
CREATE TYPE "CalendarBusySource" AS ENUM ('EVENT', 'OWN_EVENT', 'FREE_BUSY');

-- AlterTable
ALTER TABLE "Booking" ADD COLUMN     "calendarEtag" TEXT,
ADD COLUMN     "mailedCount" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "mailedState" TEXT;

-- CreateTable
CREATE TABLE "CalendarLink" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "calendarId" TEXT NOT NULL,
    "connectedById" TEXT,
    "refreshToken" TEXT NOT NULL,
    "accessToken" TEXT NOT NULL,
    "accessTokenExpiresAt" TIMESTAMPTZ(3) NOT NULL,
    "tokenVersion" INTEGER NOT NULL DEFAULT 1,
    "problem" TEXT,
    "problemMailedAt" TIMESTAMPTZ(3),
    "syncToken" TEXT,
    "fullSyncAt" TIMESTAMPTZ(3),
    "freeBusyAt" TIMESTAMPTZ(3),
    "busyKnownAt" TIMESTAMPTZ(3),
    "nextSyncAt" TIMESTAMPTZ(3) NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "CalendarLink_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CalendarBusy" (
    "workspaceId" TEXT NOT NULL,
    "linkId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "source" "CalendarBusySource" NOT NULL,
    "startsAt" TIMESTAMPTZ(3) NOT NULL,
    "endsAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "CalendarBusy_pkey" PRIMARY KEY ("linkId","source","key")
);

-- CreateTable
CREATE TABLE "CalendarConsent" (
    "stateHash" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "sessionId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "cookieBound" BOOLEAN NOT NULL,
    "codeVerifier" TEXT NOT NULL,
    "calendarId" TEXT NOT NULL,
    "returnUrl" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "usedAt" TIMESTAMPTZ(3),

    CONSTRAINT "CalendarConsent_pkey" PRIMARY KEY ("stateHash")
);

-- CreateIndex
CREATE UNIQUE INDEX "CalendarLink_workspaceId_key" ON "CalendarLink"("workspaceId");

-- CreateIndex
CREATE INDEX "CalendarLink_nextSyncAt_idx" ON "CalendarLink"("nextSyncAt");

-- CreateIndex
CREATE INDEX "CalendarLink_provider_accountId_idx" ON "CalendarLink"("provider", "accountId");

-- CreateIndex
CREATE UNIQUE INDEX "CalendarLink_workspaceId_id_key" ON "CalendarLink"("workspaceId", "id");

-- CreateIndex
CREATE INDEX "CalendarBusy_linkId_endsAt_idx" ON "CalendarBusy"("linkId", "endsAt");

-- CreateIndex
CREATE INDEX "CalendarConsent_workspaceId_idx" ON "CalendarConsent"("workspaceId");

-- CreateIndex
CREATE INDEX "CalendarConsent_expiresAt_idx" ON "CalendarConsent"("expiresAt");

-- AddForeignKey
ALTER TABLE "CalendarLink" ADD CONSTRAINT "CalendarLink_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CalendarBusy" ADD CONSTRAINT "CalendarBusy_workspaceId_linkId_fkey" FOREIGN KEY ("workspaceId", "linkId") REFERENCES "CalendarLink"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CalendarConsent" ADD CONSTRAINT "CalendarConsent_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma has no word for, by hand.

-- Whatever changes a booking of a workspace with a calendar, its event has yet to follow: by every path, present or
-- future. Where the change came from the calendar itself, it brings the event's version along, and nothing waits.
CREATE FUNCTION "Booking_awaits_calendar"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."status" = 'HELD' OR (TG_OP = 'INSERT' AND NEW."calendarEtag" IS NOT NULL) THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND (
    NEW."calendarEtag" IS DISTINCT FROM OLD."calendarEtag"
    OR (NEW."status" = OLD."status" AND NEW."startsAt" = OLD."startsAt" AND NEW."endsAt" = OLD."endsAt")
  ) THEN
    RETURN NEW;
  END IF;
  IF EXISTS (SELECT 1 FROM "CalendarLink" WHERE "workspaceId" = NEW."workspaceId") THEN
    NEW."calendarStatus" := 'PENDING';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER "Booking_awaits_calendar" BEFORE INSERT OR UPDATE OF "status", "startsAt", "endsAt" ON "Booking"
  FOR EACH ROW EXECUTE FUNCTION "Booking_awaits_calendar"();

-- What still has to get to a calendar: few rows of many, looked for with every sync.
CREATE INDEX "Booking_awaiting_calendar" ON "Booking" ("workspaceId") WHERE "calendarStatus" = 'PENDING';

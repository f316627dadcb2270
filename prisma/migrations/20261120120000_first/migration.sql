-- CreateEnum
CREATE TYPE "Platform" AS ENUM ('CONSUMER', 'BUSINESS');

-- CreateEnum
CREATE TYPE "Role" AS ENUM ('OWNER', 'MANAGER', 'MEMBER');

-- CreateEnum
CREATE TYPE "Tone" AS ENUM ('FRIENDLY', 'PROFESSIONAL', 'CASUAL');

-- CreateEnum
CREATE TYPE "BookingMode" AS ENUM ('STRICT', 'FLEXIBLE', 'UNLIMITED');

-- CreateEnum
CREATE TYPE "PhoneNumberStatus" AS ENUM ('ACTIVE', 'RELEASED', 'SUSPENDED');

-- CreateEnum
CREATE TYPE "Carrier" AS ENUM ('TWILIO', 'LIVEKIT', 'VOXIMPLANT', 'SIMULATED');

-- CreateEnum
CREATE TYPE "CallDirection" AS ENUM ('INBOUND', 'OUTBOUND');

-- CreateEnum
CREATE TYPE "CallStatus" AS ENUM ('QUEUED', 'DIALING', 'RINGING', 'IN_PROGRESS', 'ENDED', 'FAILED', 'UNKNOWN');

-- CreateEnum
CREATE TYPE "CallOutcome" AS ENUM ('COMPLETED', 'PARTIAL', 'NO_ANSWER', 'BUSY', 'VOICEMAIL', 'SCREENED', 'REFUSED', 'OPTED_OUT', 'TRANSFERRED', 'DROPPED', 'FAILED', 'INVALID_NUMBER', 'LIMIT_REACHED');

-- CreateEnum
CREATE TYPE "Speaker" AS ENUM ('CALLER', 'ASSISTANT', 'AGENT', 'SYSTEM');

-- CreateEnum
CREATE TYPE "ToolCallStatus" AS ENUM ('RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT');

-- CreateEnum
CREATE TYPE "BookingStatus" AS ENUM ('HELD', 'CONFIRMED', 'CANCELED');

-- CreateEnum
CREATE TYPE "CalendarSyncStatus" AS ENUM ('NOT_CONNECTED', 'PENDING', 'SYNCED', 'FAILED');

-- CreateTable
CREATE TABLE "User" (
    "id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT,
    "passwordHash" TEXT,
    "emailVerifiedAt" TIMESTAMPTZ(3),
    "isStaff" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Session" (
    "id" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "endedAt" TIMESTAMPTZ(3),
    "endReason" TEXT,

    CONSTRAINT "Session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RefreshToken" (
    "hash" TEXT NOT NULL,
    "sessionId" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "usedAt" TIMESTAMPTZ(3),

    CONSTRAINT "RefreshToken_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "Workspace" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "platform" "Platform" NOT NULL,
    "country" TEXT NOT NULL,
    "timeZone" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "suspendedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Workspace_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Membership" (
    "workspaceId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "role" "Role" NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Membership_pkey" PRIMARY KEY ("workspaceId","userId")
);

-- CreateTable
CREATE TABLE "Assistant" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "businessName" TEXT,
    "description" TEXT,
    "greeting" TEXT NOT NULL,
    "instructions" TEXT,
    "voice" TEXT NOT NULL,
    "tone" "Tone" NOT NULL,
    "language" TEXT NOT NULL,
    "timeZone" TEXT NOT NULL,
    "hours" JSONB NOT NULL,
    "faqs" JSONB NOT NULL,
    "bookingMode" "BookingMode" NOT NULL DEFAULT 'STRICT',
    "employeeCount" INTEGER NOT NULL DEFAULT 1,
    "maxConcurrentBookings" INTEGER NOT NULL DEFAULT 1,
    "allowOverbooking" BOOLEAN NOT NULL DEFAULT false,
    "slotMinutes" INTEGER NOT NULL DEFAULT 30,
    "bufferMinutes" INTEGER NOT NULL DEFAULT 0,
    "minimumNoticeMinutes" INTEGER NOT NULL DEFAULT 60,
    "maximumDaysAhead" INTEGER NOT NULL DEFAULT 60,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "deletedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Assistant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "PhoneLine" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "assistantId" TEXT,
    "phoneNumber" TEXT NOT NULL,
    "carrier" "Carrier" NOT NULL,
    "status" "PhoneNumberStatus" NOT NULL DEFAULT 'ACTIVE',
    "isPrimary" BOOLEAN NOT NULL DEFAULT false,
    "provisionedAt" TIMESTAMPTZ(3) NOT NULL,
    "releasedAt" TIMESTAMPTZ(3),

    CONSTRAINT "PhoneLine_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Call" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "assistantId" TEXT,
    "direction" "CallDirection" NOT NULL,
    "status" "CallStatus" NOT NULL,
    "outcome" "CallOutcome",
    "endReason" TEXT,
    "carrier" "Carrier" NOT NULL,
    "carrierCallId" TEXT,
    "from" TEXT NOT NULL,
    "to" TEXT NOT NULL,
    "plan" JSONB NOT NULL,
    "idempotencyKey" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "dialedAt" TIMESTAMPTZ(3),
    "ringingAt" TIMESTAMPTZ(3),
    "answeredAt" TIMESTAMPTZ(3),
    "endedAt" TIMESTAMPTZ(3),
    "durationSeconds" INTEGER,
    "bridgeId" TEXT,
    "bridgeAliveUntil" TIMESTAMPTZ(3),
    "bridgeCount" INTEGER NOT NULL DEFAULT 0,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "Call_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CarrierEvent" (
    "callId" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "receivedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "CarrierEvent_pkey" PRIMARY KEY ("callId","key")
);

-- CreateTable
CREATE TABLE "TranscriptTurn" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "callId" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "speaker" "Speaker" NOT NULL,
    "text" TEXT NOT NULL,
    "heardText" TEXT NOT NULL,
    "interrupted" BOOLEAN NOT NULL DEFAULT false,
    "complete" BOOLEAN NOT NULL DEFAULT true,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "audioMs" INTEGER NOT NULL DEFAULT 0,
    "heardMs" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "TranscriptTurn_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ToolCall" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "callId" TEXT NOT NULL,
    "modelCallId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "arguments" TEXT NOT NULL,
    "result" TEXT,
    "status" "ToolCallStatus" NOT NULL,
    "afterSequence" INTEGER NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "durationMs" INTEGER,

    CONSTRAINT "ToolCall_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Message" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "callId" TEXT NOT NULL,
    "callerName" TEXT,
    "callbackNumber" TEXT,
    "body" TEXT NOT NULL,
    "urgent" BOOLEAN NOT NULL DEFAULT false,
    "readAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "toolCallKey" TEXT,

    CONSTRAINT "Message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Booking" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "assistantId" TEXT NOT NULL,
    "callId" TEXT,
    "lane" INTEGER,
    "startsAt" TIMESTAMPTZ(3) NOT NULL,
    "endsAt" TIMESTAMPTZ(3) NOT NULL,
    "blockedUntil" TIMESTAMPTZ(3) NOT NULL,
    "timeZone" TEXT NOT NULL,
    "customerName" TEXT NOT NULL,
    "customerPhone" TEXT,
    "customerEmail" TEXT,
    "details" TEXT,
    "status" "BookingStatus" NOT NULL,
    "calendarEventId" TEXT,
    "calendarStatus" "CalendarSyncStatus" NOT NULL DEFAULT 'NOT_CONNECTED',
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Booking_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");

-- CreateIndex
CREATE INDEX "Session_userId_idx" ON "Session"("userId");

-- CreateIndex
CREATE INDEX "RefreshToken_sessionId_idx" ON "RefreshToken"("sessionId");

-- CreateIndex
CREATE INDEX "Membership_userId_idx" ON "Membership"("userId");

-- CreateIndex
CREATE INDEX "Assistant_workspaceId_createdAt_id_idx" ON "Assistant"("workspaceId", "createdAt", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Assistant_workspaceId_id_key" ON "Assistant"("workspaceId", "id");

-- CreateIndex
CREATE INDEX "PhoneLine_phoneNumber_idx" ON "PhoneLine"("phoneNumber");

-- CreateIndex
CREATE UNIQUE INDEX "PhoneLine_workspaceId_id_key" ON "PhoneLine"("workspaceId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Call_carrierCallId_key" ON "Call"("carrierCallId");

-- CreateIndex
CREATE INDEX "Call_workspaceId_createdAt_id_idx" ON "Call"("workspaceId", "createdAt", "id");

-- CreateIndex
CREATE INDEX "Call_workspaceId_assistantId_createdAt_idx" ON "Call"("workspaceId", "assistantId", "createdAt");

-- CreateIndex
CREATE INDEX "Call_status_idx" ON "Call"("status");

-- CreateIndex
CREATE UNIQUE INDEX "Call_workspaceId_id_key" ON "Call"("workspaceId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Call_workspaceId_idempotencyKey_key" ON "Call"("workspaceId", "idempotencyKey");

-- CreateIndex
CREATE UNIQUE INDEX "TranscriptTurn_callId_sequence_key" ON "TranscriptTurn"("callId", "sequence");

-- CreateIndex
CREATE UNIQUE INDEX "ToolCall_callId_modelCallId_key" ON "ToolCall"("callId", "modelCallId");

-- CreateIndex
CREATE INDEX "Message_workspaceId_createdAt_id_idx" ON "Message"("workspaceId", "createdAt", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Message_callId_toolCallKey_key" ON "Message"("callId", "toolCallKey");

-- CreateIndex
CREATE INDEX "Booking_assistantId_startsAt_idx" ON "Booking"("assistantId", "startsAt");

-- CreateIndex
CREATE INDEX "Booking_workspaceId_startsAt_idx" ON "Booking"("workspaceId", "startsAt");

-- CreateIndex
CREATE UNIQUE INDEX "Booking_workspaceId_id_key" ON "Booking"("workspaceId", "id");

-- AddForeignKey
ALTER TABLE "Session" ADD CONSTRAINT "Session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RefreshToken" ADD CONSTRAINT "RefreshToken_sessionId_fkey" FOREIGN KEY ("sessionId") REFERENCES "Session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Membership" ADD CONSTRAINT "Membership_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Membership" ADD CONSTRAINT "Membership_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Assistant" ADD CONSTRAINT "Assistant_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PhoneLine" ADD CONSTRAINT "PhoneLine_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PhoneLine" ADD CONSTRAINT "PhoneLine_workspaceId_assistantId_fkey" FOREIGN KEY ("workspaceId", "assistantId") REFERENCES "Assistant"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Call" ADD CONSTRAINT "Call_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Call" ADD CONSTRAINT "Call_workspaceId_assistantId_fkey" FOREIGN KEY ("workspaceId", "assistantId") REFERENCES "Assistant"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CarrierEvent" ADD CONSTRAINT "CarrierEvent_workspaceId_callId_fkey" FOREIGN KEY ("workspaceId", "callId") REFERENCES "Call"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "TranscriptTurn" ADD CONSTRAINT "TranscriptTurn_workspaceId_callId_fkey" FOREIGN KEY ("workspaceId", "callId") REFERENCES "Call"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ToolCall" ADD CONSTRAINT "ToolCall_workspaceId_callId_fkey" FOREIGN KEY ("workspaceId", "callId") REFERENCES "Call"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Message" ADD CONSTRAINT "Message_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Message" ADD CONSTRAINT "Message_workspaceId_callId_fkey" FOREIGN KEY ("workspaceId", "callId") REFERENCES "Call"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Booking" ADD CONSTRAINT "Booking_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Booking" ADD CONSTRAINT "Booking_workspaceId_assistantId_fkey" FOREIGN KEY ("workspaceId", "assistantId") REFERENCES "Assistant"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Booking" ADD CONSTRAINT "Booking_workspaceId_callId_fkey" FOREIGN KEY ("workspaceId", "callId") REFERENCES "Call"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma has no word for, by hand.

-- Equality of text and integers in GiST indexes.
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- Two live bookings never share a lane of an assistant at one time. The buffer counts as taken; the end is open, so one
-- booking may begin where another leaves off. A lane of null (unlimited bookings) equals nothing and so conflicts with nothing.
ALTER TABLE "Booking" ADD CONSTRAINT "Booking_lane_excl" EXCLUDE USING gist (
    "assistantId" WITH =, "lane" WITH =, tstzrange("startsAt", "blockedUntil") WITH &&
) WHERE ("status" <> 'CANCELED');

ALTER TABLE "Booking" ADD CONSTRAINT "Booking_endsAt_check" CHECK ("endsAt" > "startsAt");
ALTER TABLE "Booking" ADD CONSTRAINT "Booking_blockedUntil_check" CHECK ("blockedUntil" >= "endsAt");
ALTER TABLE "Booking" ADD CONSTRAINT "Booking_lane_check" CHECK ("lane" >= 0);

ALTER TABLE "TranscriptTurn" ADD CONSTRAINT "TranscriptTurn_sequence_check" CHECK ("sequence" >= 1);

-- A number is answered by one workspace at a time; released ones stay on record.
CREATE UNIQUE INDEX "PhoneLine_phoneNumber_active_key" ON "PhoneLine" ("phoneNumber") WHERE "status" = 'ACTIVE';

-- One call books one time once, however often its tool runs.
CREATE UNIQUE INDEX "Booking_callId_startsAt_key" ON "Booking" ("callId", "startsAt") WHERE "status" <> 'CANCELED';

-- What a bridge holds: few rows of many, asked for every minute by the reaper.
CREATE INDEX "Call_held_by_bridge" ON "Call" ("bridgeId") WHERE "bridgeId" IS NOT NULL;

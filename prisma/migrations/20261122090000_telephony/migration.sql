-- CreateEnum
CREATE TYPE "CallEngine" AS ENUM ('REALTIME', 'GATHER');

-- CreateEnum
CREATE TYPE "RecordingConsent" AS ENUM ('SPOKEN', 'ANNOUNCED');

-- CreateEnum
CREATE TYPE "NumberPurchaseStatus" AS ENUM ('PENDING', 'BOUGHT', 'REFUSED');

-- CreateEnum
CREATE TYPE "ConsentBasis" AS ENUM ('NONE', 'EXPRESS', 'EXPRESS_WRITTEN');

-- CreateEnum
CREATE TYPE "SuppressionReason" AS ENUM ('SPOKEN_OPT_OUT', 'KEYPAD_OPT_OUT', 'MANUAL', 'IMPORTED');

-- CreateEnum
CREATE TYPE "CallCommandKind" AS ENUM ('SAY', 'WHISPER', 'TRANSFER');

-- CreateEnum
CREATE TYPE "RecordingStatus" AS ENUM ('RECORDING', 'STORED', 'FAILED', 'DELETED');

-- CreateEnum
CREATE TYPE "ScheduledCallStatus" AS ENUM ('PENDING', 'PLACED', 'CANCELED', 'FAILED');

-- AlterTable
ALTER TABLE "Assistant" ADD COLUMN     "engine" "CallEngine" NOT NULL DEFAULT 'REALTIME',
ADD COLUMN     "otherLanguages" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "recordCalls" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "recordingConsent" "RecordingConsent" NOT NULL DEFAULT 'SPOKEN',
ADD COLUMN     "transferTo" TEXT,
ADD COLUMN     "voicemailMessage" TEXT;

-- AlterTable
ALTER TABLE "Call" ADD COLUMN     "answeredBy" TEXT,
ADD COLUMN     "engine" "CallEngine" NOT NULL DEFAULT 'REALTIME',
ADD COLUMN     "intent" TEXT,
ADD COLUMN     "permit" JSONB,
ADD COLUMN     "summary" TEXT,
ADD COLUMN     "transferredTo" TEXT,
ADD COLUMN     "voicemailLeftAt" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "PhoneLine" ADD COLUMN     "carrierNumberId" TEXT,
ADD COLUMN     "monthlyCostMicros" INTEGER,
ADD COLUMN     "suspendedReason" TEXT;

-- CreateTable
CREATE TABLE "NumberPurchase" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "idempotencyKey" TEXT,
    "phoneNumber" TEXT NOT NULL,
    "carrier" "Carrier" NOT NULL,
    "status" "NumberPurchaseStatus" NOT NULL,
    "phoneLineId" TEXT,
    "error" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "settledAt" TIMESTAMPTZ(3),

    CONSTRAINT "NumberPurchase_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Contact" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "name" TEXT,
    "phoneNumber" TEXT NOT NULL,
    "email" TEXT,
    "timeZone" TEXT,
    "consent" "ConsentBasis" NOT NULL DEFAULT 'NONE',
    "attributes" JSONB NOT NULL DEFAULT '[]',
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Contact_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Suppression" (
    "workspaceId" TEXT NOT NULL,
    "phoneNumber" TEXT NOT NULL,
    "reason" "SuppressionReason" NOT NULL,
    "source" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Suppression_pkey" PRIMARY KEY ("workspaceId","phoneNumber")
);

-- CreateTable
CREATE TABLE "CallCommand" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "callId" TEXT NOT NULL,
    "kind" "CallCommandKind" NOT NULL,
    "text" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "takenBy" TEXT,
    "takenAt" TIMESTAMPTZ(3),

    CONSTRAINT "CallCommand_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Recording" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "callId" TEXT NOT NULL,
    "carrierRecordingId" TEXT,
    "status" "RecordingStatus" NOT NULL,
    "consented" BOOLEAN NOT NULL,
    "consentEvidence" TEXT,
    "blobKey" TEXT,
    "mediaType" TEXT,
    "bytes" INTEGER,
    "durationSeconds" INTEGER,
    "error" TEXT,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "storedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Recording_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CallCost" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "callId" TEXT NOT NULL,
    "item" TEXT NOT NULL,
    "quantity" DOUBLE PRECISION NOT NULL,
    "unit" TEXT NOT NULL,
    "amountMicros" BIGINT NOT NULL,
    "source" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "CallCost_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ScheduledCall" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "assistantId" TEXT NOT NULL,
    "to" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "status" "ScheduledCallStatus" NOT NULL,
    "callId" TEXT,
    "error" TEXT,
    "idempotencyKey" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "settledAt" TIMESTAMPTZ(3),

    CONSTRAINT "ScheduledCall_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "NumberPurchase_status_createdAt_idx" ON "NumberPurchase"("status", "createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "NumberPurchase_workspaceId_idempotencyKey_key" ON "NumberPurchase"("workspaceId", "idempotencyKey");

-- CreateIndex
CREATE INDEX "Contact_workspaceId_createdAt_id_idx" ON "Contact"("workspaceId", "createdAt", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Contact_workspaceId_id_key" ON "Contact"("workspaceId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Contact_workspaceId_phoneNumber_key" ON "Contact"("workspaceId", "phoneNumber");

-- CreateIndex
CREATE INDEX "Suppression_workspaceId_createdAt_idx" ON "Suppression"("workspaceId", "createdAt");

-- CreateIndex
CREATE INDEX "CallCommand_callId_takenAt_idx" ON "CallCommand"("callId", "takenAt");

-- CreateIndex
CREATE UNIQUE INDEX "Recording_carrierRecordingId_key" ON "Recording"("carrierRecordingId");

-- CreateIndex
CREATE INDEX "Recording_status_startedAt_idx" ON "Recording"("status", "startedAt");

-- CreateIndex
CREATE UNIQUE INDEX "Recording_workspaceId_callId_key" ON "Recording"("workspaceId", "callId");

-- CreateIndex
CREATE INDEX "CallCost_workspaceId_createdAt_idx" ON "CallCost"("workspaceId", "createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "CallCost_callId_key_key" ON "CallCost"("callId", "key");

-- CreateIndex
CREATE INDEX "ScheduledCall_status_at_idx" ON "ScheduledCall"("status", "at");

-- CreateIndex
CREATE INDEX "ScheduledCall_workspaceId_at_idx" ON "ScheduledCall"("workspaceId", "at");

-- CreateIndex
CREATE UNIQUE INDEX "ScheduledCall_workspaceId_id_key" ON "ScheduledCall"("workspaceId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "ScheduledCall_workspaceId_callId_key" ON "ScheduledCall"("workspaceId", "callId");

-- CreateIndex
CREATE UNIQUE INDEX "ScheduledCall_workspaceId_idempotencyKey_key" ON "ScheduledCall"("workspaceId", "idempotencyKey");

-- CreateIndex
CREATE UNIQUE INDEX "PhoneLine_carrierNumberId_key" ON "PhoneLine"("carrierNumberId");

-- AddForeignKey
ALTER TABLE "NumberPurchase" ADD CONSTRAINT "NumberPurchase_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Contact" ADD CONSTRAINT "Contact_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Suppression" ADD CONSTRAINT "Suppression_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CallCommand" ADD CONSTRAINT "CallCommand_workspaceId_callId_fkey" FOREIGN KEY ("workspaceId", "callId") REFERENCES "Call"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Recording" ADD CONSTRAINT "Recording_workspaceId_callId_fkey" FOREIGN KEY ("workspaceId", "callId") REFERENCES "Call"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CallCost" ADD CONSTRAINT "CallCost_workspaceId_callId_fkey" FOREIGN KEY ("workspaceId", "callId") REFERENCES "Call"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ScheduledCall" ADD CONSTRAINT "ScheduledCall_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ScheduledCall" ADD CONSTRAINT "ScheduledCall_workspaceId_assistantId_fkey" FOREIGN KEY ("workspaceId", "assistantId") REFERENCES "Assistant"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ScheduledCall" ADD CONSTRAINT "ScheduledCall_workspaceId_callId_fkey" FOREIGN KEY ("workspaceId", "callId") REFERENCES "Call"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

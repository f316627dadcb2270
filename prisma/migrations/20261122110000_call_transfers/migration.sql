-- CreateEnum
CREATE TYPE "CallTransferStatus" AS ENUM ('REQUESTED', 'ANNOUNCED', 'RINGING', 'TAKEN', 'FAILED');

-- CreateTable
CREATE TABLE "CallTransfer" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "callId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "to" TEXT NOT NULL,
    "announced" BOOLEAN NOT NULL,
    "about" TEXT,
    "callerName" TEXT,
    "status" "CallTransferStatus" NOT NULL,
    "failure" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "settledAt" TIMESTAMPTZ(3),

    CONSTRAINT "CallTransfer_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "CallTransfer_callId_createdAt_idx" ON "CallTransfer"("callId", "createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "CallTransfer_callId_key_key" ON "CallTransfer"("callId", "key");

-- AddForeignKey
ALTER TABLE "CallTransfer" ADD CONSTRAINT "CallTransfer_workspaceId_callId_fkey" FOREIGN KEY ("workspaceId", "callId") REFERENCES "Call"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

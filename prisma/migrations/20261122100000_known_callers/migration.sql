-- CreateTable
CREATE TABLE "EarlyStatus" (
    "carrierCallId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "durationSeconds" INTEGER,
    "at" TIMESTAMPTZ(3),
    "receivedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "EarlyStatus_pkey" PRIMARY KEY ("carrierCallId")
);

-- CreateIndex
CREATE INDEX "EarlyStatus_receivedAt_idx" ON "EarlyStatus"("receivedAt");

-- CreateIndex
CREATE INDEX "Call_workspaceId_from_createdAt_idx" ON "Call"("workspaceId", "from", "createdAt");

-- CreateIndex
CREATE INDEX "Call_workspaceId_to_createdAt_idx" ON "Call"("workspaceId", "to", "createdAt");

-- CreateIndex
CREATE INDEX "Booking_workspaceId_customerPhone_startsAt_idx" ON "Booking"("workspaceId", "customerPhone", "startsAt");

-- AlterTable
ALTER TABLE "Call" ADD COLUMN     "verdict" "CallOutcome";

-- AlterTable
ALTER TABLE "Attempt" ADD COLUMN     "callbackAt" TIMESTAMPTZ(3),
ADD COLUMN     "claimedFrom" "CampaignContactState" NOT NULL DEFAULT 'PENDING';

-- CreateTable
CREATE TABLE "CarrierPace" (
    "carrier" "Carrier" NOT NULL,
    "nextAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "CarrierPace_pkey" PRIMARY KEY ("carrier")
);

-- CreateIndex
CREATE INDEX "Attempt_campaignId_endedAt_idx" ON "Attempt"("campaignId", "endedAt");

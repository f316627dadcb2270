-- AlterTable
ALTER TABLE "NumberPurchase" ADD COLUMN     "assistantId" TEXT;

-- CreateIndex
CREATE INDEX "Call_to_createdAt_idx" ON "Call"("to", "createdAt");

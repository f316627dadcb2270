-- AlterTable
ALTER TABLE "Call" ADD COLUMN     "disclosedAt" TIMESTAMPTZ(3),
ADD COLUMN     "recordingDecision" TEXT;

-- AlterTable
ALTER TABLE "Message" ADD COLUMN     "audioBlobKey" TEXT,
ADD COLUMN     "audioBytes" INTEGER,
ADD COLUMN     "audioMediaType" TEXT,
ADD COLUMN     "mailedAt" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "Assistant" ADD COLUMN     "closedDates" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "specialHours" JSONB NOT NULL DEFAULT '[]';

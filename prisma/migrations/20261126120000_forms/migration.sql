-- AlterTable
ALTER TABLE "CalendarLink" ADD COLUMN     "forms" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "CalendarConsent" ADD COLUMN     "forms" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "SurveyAnswer" ADD COLUMN     "awaitsMore" BOOLEAN NOT NULL DEFAULT false;

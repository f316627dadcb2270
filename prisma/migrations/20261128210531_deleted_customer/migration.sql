-- AlterTable
ALTER TABLE "StripeCustomer" ADD COLUMN     "deletedAt" TIMESTAMPTZ(3);

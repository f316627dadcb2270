ALTER TABLE "AppStorePurchase" ADD COLUMN     "purchasedAt" TIMESTAMPTZ(3) NOT NULL;

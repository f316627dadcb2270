-- CreateEnum
CREATE TYPE "PlanKey" AS ENUM ('CONSUMER_TRIAL', 'CONSUMER_WEEKLY', 'BUSINESS_TRIAL', 'BUSINESS_BASIC', 'BUSINESS_PROFESSIONAL', 'BUSINESS_ENTERPRISE');

-- CreateEnum
CREATE TYPE "SubscriptionStatus" AS ENUM ('TRIALING', 'ACTIVE', 'GRACE', 'PAST_DUE', 'EXPIRED', 'CANCELED');

-- CreateEnum
CREATE TYPE "BillingSource" AS ENUM ('NONE', 'STRIPE', 'APP_STORE', 'STAFF');

-- CreateEnum
CREATE TYPE "SubscriptionEventKind" AS ENUM ('TRIAL_STARTED', 'CONVERTED', 'RENEWED', 'PLAN_CHANGED', 'FAILED', 'RECOVERED', 'CANCEL_SCHEDULED', 'CANCEL_WITHDRAWN', 'ENDED', 'RETURNED');

-- CreateEnum
CREATE TYPE "UsageEntryKind" AS ENUM ('RESERVED', 'SETTLED', 'RELEASED');

-- CreateEnum
CREATE TYPE "PaymentVendor" AS ENUM ('STRIPE', 'APP_STORE');

-- CreateTable
CREATE TABLE "Subscription" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "planKey" "PlanKey" NOT NULL,
    "status" "SubscriptionStatus" NOT NULL,
    "source" "BillingSource" NOT NULL DEFAULT 'NONE',
    "externalId" TEXT,
    "trialStartsAt" TIMESTAMPTZ(3),
    "trialEndsAt" TIMESTAMPTZ(3),
    "graceEndsAt" TIMESTAMPTZ(3),
    "currentPeriodStartsAt" TIMESTAMPTZ(3),
    "currentPeriodEndsAt" TIMESTAMPTZ(3),
    "cancelsAtPeriodEnd" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Subscription_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SubscriptionEvent" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "kind" "SubscriptionEventKind" NOT NULL,
    "planKey" "PlanKey" NOT NULL,
    "previousPlanKey" "PlanKey",
    "source" "BillingSource" NOT NULL,
    "version" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "SubscriptionEvent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RevenueEntry" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "source" "BillingSource" NOT NULL,
    "key" TEXT NOT NULL,
    "planKey" "PlanKey",
    "amountMinor" INTEGER NOT NULL,
    "currency" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "RevenueEntry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "UsageEntry" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "callId" TEXT NOT NULL,
    "kind" "UsageEntryKind" NOT NULL,
    "phase" INTEGER NOT NULL,
    "planKey" "PlanKey" NOT NULL,
    "calls" INTEGER NOT NULL,
    "seconds" INTEGER NOT NULL,
    "trialExtra" BOOLEAN NOT NULL DEFAULT false,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "UsageEntry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "UsageHold" (
    "callId" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "planKey" "PlanKey" NOT NULL,
    "seconds" INTEGER NOT NULL,
    "trialExtra" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "UsageHold_pkey" PRIMARY KEY ("callId")
);

-- CreateTable
CREATE TABLE "TrialClaim" (
    "key" TEXT NOT NULL,
    "claimedBy" TEXT NOT NULL,
    "callId" TEXT,
    "claimedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "TrialClaim_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "PaymentEvent" (
    "id" TEXT NOT NULL,
    "vendor" "PaymentVendor" NOT NULL,
    "eventId" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "subject" TEXT,
    "payload" JSONB NOT NULL,
    "occurredAt" TIMESTAMPTZ(3) NOT NULL,
    "receivedAt" TIMESTAMPTZ(3) NOT NULL,
    "processedAt" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,

    CONSTRAINT "PaymentEvent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "StripeCustomer" (
    "workspaceId" TEXT NOT NULL,
    "customerId" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "StripeCustomer_pkey" PRIMARY KEY ("workspaceId")
);

-- CreateTable
CREATE TABLE "AppStorePurchase" (
    "originalTransactionId" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "productId" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "ownership" TEXT NOT NULL,
    "signedAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3),
    "revokedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "AppStorePurchase_pkey" PRIMARY KEY ("originalTransactionId")
);

-- CreateIndex
CREATE UNIQUE INDEX "Subscription_workspaceId_key" ON "Subscription"("workspaceId");

-- CreateIndex
CREATE UNIQUE INDEX "Subscription_workspaceId_id_key" ON "Subscription"("workspaceId", "id");

-- CreateIndex
CREATE INDEX "SubscriptionEvent_at_kind_idx" ON "SubscriptionEvent"("at", "kind");

-- CreateIndex
CREATE UNIQUE INDEX "SubscriptionEvent_workspaceId_version_kind_key" ON "SubscriptionEvent"("workspaceId", "version", "kind");

-- CreateIndex
CREATE INDEX "RevenueEntry_at_idx" ON "RevenueEntry"("at");

-- CreateIndex
CREATE INDEX "RevenueEntry_workspaceId_idx" ON "RevenueEntry"("workspaceId");

-- CreateIndex
CREATE UNIQUE INDEX "RevenueEntry_source_key_key" ON "RevenueEntry"("source", "key");

-- CreateIndex
CREATE INDEX "UsageEntry_workspaceId_kind_at_idx" ON "UsageEntry"("workspaceId", "kind", "at");

-- CreateIndex
CREATE UNIQUE INDEX "UsageEntry_callId_phase_key" ON "UsageEntry"("callId", "phase");

-- CreateIndex
CREATE UNIQUE INDEX "UsageHold_workspaceId_callId_key" ON "UsageHold"("workspaceId", "callId");

-- CreateIndex
CREATE INDEX "TrialClaim_callId_idx" ON "TrialClaim"("callId");

-- CreateIndex
CREATE INDEX "PaymentEvent_processedAt_receivedAt_idx" ON "PaymentEvent"("processedAt", "receivedAt");

-- CreateIndex
CREATE INDEX "PaymentEvent_subject_idx" ON "PaymentEvent"("subject");

-- CreateIndex
CREATE UNIQUE INDEX "PaymentEvent_vendor_eventId_key" ON "PaymentEvent"("vendor", "eventId");

-- CreateIndex
CREATE UNIQUE INDEX "StripeCustomer_customerId_key" ON "StripeCustomer"("customerId");

-- CreateIndex
CREATE UNIQUE INDEX "AppStorePurchase_workspaceId_originalTransactionId_key" ON "AppStorePurchase"("workspaceId", "originalTransactionId");

-- AddForeignKey
ALTER TABLE "Subscription" ADD CONSTRAINT "Subscription_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SubscriptionEvent" ADD CONSTRAINT "SubscriptionEvent_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RevenueEntry" ADD CONSTRAINT "RevenueEntry_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "UsageEntry" ADD CONSTRAINT "UsageEntry_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "UsageHold" ADD CONSTRAINT "UsageHold_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey: a call is admitted before its row is made, in one transaction.
ALTER TABLE "UsageHold" ADD CONSTRAINT "UsageHold_workspaceId_callId_fkey" FOREIGN KEY ("workspaceId", "callId") REFERENCES "Call"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED;

-- AddForeignKey
ALTER TABLE "StripeCustomer" ADD CONSTRAINT "StripeCustomer_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "AppStorePurchase" ADD CONSTRAINT "AppStorePurchase_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

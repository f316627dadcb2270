-- CreateEnum
CREATE TYPE "SurveySource" AS ENUM ('MANUAL', 'GOOGLE_FORM');

-- CreateEnum
CREATE TYPE "CampaignStatus" AS ENUM ('DRAFT', 'READY', 'SCHEDULED', 'RUNNING', 'PAUSED', 'CANCELING', 'CANCELED', 'COMPLETED', 'FAILED');

-- CreateEnum
CREATE TYPE "CampaignContactState" AS ENUM ('PENDING', 'WAITING_WINDOW', 'RETRY_WAIT', 'CALLBACK', 'ACTIVE', 'DONE', 'EXHAUSTED', 'SUPPRESSED', 'INVALID', 'EXPIRED', 'CANCELED');

-- CreateEnum
CREATE TYPE "AttemptState" AS ENUM ('CLAIMED', 'PERMITTED', 'RESERVED', 'DIALING', 'RINGING', 'ANSWERED', 'TALKING', 'VOICEMAIL', 'SCREENED', 'UNKNOWN', 'ENDED');

-- CreateEnum
CREATE TYPE "AnswerMethod" AS ENUM ('EXACT', 'KEYPAD', 'SYNONYM', 'MODEL');

-- CreateEnum
CREATE TYPE "AnswerStatus" AS ENUM ('VALID', 'REASKED', 'SKIPPED', 'REFUSED', 'NEEDS_REVIEW');

-- CreateTable
CREATE TABLE "Survey" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT,
    "source" "SurveySource" NOT NULL,
    "formId" TEXT,
    "formRevision" TEXT,
    "tone" "Tone" NOT NULL DEFAULT 'FRIENDLY',
    "voice" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "instructions" TEXT,
    "questions" JSONB NOT NULL,
    "sections" JSONB NOT NULL,
    "unaskable" JSONB NOT NULL DEFAULT '[]',
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "deletedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Survey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SurveyContact" (
    "workspaceId" TEXT NOT NULL,
    "surveyId" TEXT NOT NULL,
    "contactId" TEXT NOT NULL,
    "addedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "SurveyContact_pkey" PRIMARY KEY ("surveyId","contactId")
);

-- CreateTable
CREATE TABLE "Campaign" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "surveyId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "status" "CampaignStatus" NOT NULL,
    "testMode" BOOLEAN NOT NULL DEFAULT false,
    "phoneLineId" TEXT,
    "frozenSurvey" JSONB NOT NULL,
    "maxConcurrentCalls" INTEGER NOT NULL,
    "maxAttempts" INTEGER NOT NULL,
    "callingFrom" TEXT NOT NULL,
    "callingTo" TEXT NOT NULL,
    "callingDays" JSONB NOT NULL,
    "startsAt" TIMESTAMPTZ(3),
    "endsAt" TIMESTAMPTZ(3),
    "detectVoicemail" BOOLEAN NOT NULL DEFAULT true,
    "leaveVoicemail" BOOLEAN NOT NULL DEFAULT false,
    "voicemailMessage" TEXT,
    "pauseReason" TEXT,
    "idempotencyKey" TEXT,
    "sequence" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "startedAt" TIMESTAMPTZ(3),
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Campaign_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CampaignContact" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "campaignId" TEXT NOT NULL,
    "contactId" TEXT NOT NULL,
    "state" "CampaignContactState" NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "lastOutcome" "CallOutcome",
    "nextAttemptAt" TIMESTAMPTZ(3),
    "lastCallId" TEXT,
    "reason" TEXT,
    "outcomes" JSONB NOT NULL DEFAULT '{}',
    "voicemailLeftAt" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "CampaignContact_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Attempt" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "campaignId" TEXT NOT NULL,
    "campaignContactId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "state" "AttemptState" NOT NULL,
    "callId" TEXT,
    "permit" JSONB,
    "outcome" "CallOutcome",
    "technicalFailure" BOOLEAN NOT NULL DEFAULT false,
    "leaseUntil" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "dialedAt" TIMESTAMPTZ(3),
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Attempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SurveyResponse" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "surveyId" TEXT NOT NULL,
    "campaignId" TEXT,
    "contactId" TEXT NOT NULL,
    "callId" TEXT NOT NULL,
    "test" BOOLEAN NOT NULL DEFAULT false,
    "complete" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "completedAt" TIMESTAMPTZ(3),

    CONSTRAINT "SurveyResponse_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SurveyAnswer" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "responseId" TEXT NOT NULL,
    "step" INTEGER NOT NULL,
    "questionKey" TEXT NOT NULL,
    "raw" TEXT NOT NULL,
    "mapped" JSONB NOT NULL,
    "confidence" DOUBLE PRECISION NOT NULL,
    "method" "AnswerMethod" NOT NULL,
    "status" "AnswerStatus" NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 1,
    "callId" TEXT NOT NULL,
    "turnSequence" INTEGER,
    "answeredAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "SurveyAnswer_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Survey_workspaceId_createdAt_id_idx" ON "Survey"("workspaceId", "createdAt", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Survey_workspaceId_id_key" ON "Survey"("workspaceId", "id");

-- CreateIndex
CREATE INDEX "SurveyContact_contactId_idx" ON "SurveyContact"("contactId");

-- CreateIndex
CREATE INDEX "Campaign_status_idx" ON "Campaign"("status");

-- CreateIndex
CREATE INDEX "Campaign_workspaceId_createdAt_id_idx" ON "Campaign"("workspaceId", "createdAt", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Campaign_workspaceId_id_key" ON "Campaign"("workspaceId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Campaign_workspaceId_idempotencyKey_key" ON "Campaign"("workspaceId", "idempotencyKey");

-- CreateIndex
CREATE INDEX "CampaignContact_campaignId_state_nextAttemptAt_idx" ON "CampaignContact"("campaignId", "state", "nextAttemptAt");

-- CreateIndex
CREATE INDEX "CampaignContact_contactId_idx" ON "CampaignContact"("contactId");

-- CreateIndex
CREATE UNIQUE INDEX "CampaignContact_workspaceId_id_key" ON "CampaignContact"("workspaceId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "CampaignContact_campaignId_contactId_key" ON "CampaignContact"("campaignId", "contactId");

-- CreateIndex
CREATE INDEX "Attempt_campaignId_state_idx" ON "Attempt"("campaignId", "state");

-- CreateIndex
CREATE INDEX "Attempt_state_leaseUntil_idx" ON "Attempt"("state", "leaseUntil");

-- CreateIndex
CREATE UNIQUE INDEX "Attempt_campaignContactId_number_key" ON "Attempt"("campaignContactId", "number");

-- CreateIndex
CREATE UNIQUE INDEX "Attempt_workspaceId_callId_key" ON "Attempt"("workspaceId", "callId");

-- CreateIndex
CREATE INDEX "SurveyResponse_surveyId_createdAt_idx" ON "SurveyResponse"("surveyId", "createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "SurveyResponse_workspaceId_id_key" ON "SurveyResponse"("workspaceId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "SurveyResponse_campaignId_contactId_key" ON "SurveyResponse"("campaignId", "contactId");

-- CreateIndex
CREATE UNIQUE INDEX "SurveyAnswer_responseId_step_key" ON "SurveyAnswer"("responseId", "step");

-- AddForeignKey
ALTER TABLE "Survey" ADD CONSTRAINT "Survey_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SurveyContact" ADD CONSTRAINT "SurveyContact_workspaceId_surveyId_fkey" FOREIGN KEY ("workspaceId", "surveyId") REFERENCES "Survey"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SurveyContact" ADD CONSTRAINT "SurveyContact_workspaceId_contactId_fkey" FOREIGN KEY ("workspaceId", "contactId") REFERENCES "Contact"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Campaign" ADD CONSTRAINT "Campaign_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Campaign" ADD CONSTRAINT "Campaign_workspaceId_surveyId_fkey" FOREIGN KEY ("workspaceId", "surveyId") REFERENCES "Survey"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Campaign" ADD CONSTRAINT "Campaign_workspaceId_phoneLineId_fkey" FOREIGN KEY ("workspaceId", "phoneLineId") REFERENCES "PhoneLine"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CampaignContact" ADD CONSTRAINT "CampaignContact_workspaceId_campaignId_fkey" FOREIGN KEY ("workspaceId", "campaignId") REFERENCES "Campaign"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CampaignContact" ADD CONSTRAINT "CampaignContact_workspaceId_contactId_fkey" FOREIGN KEY ("workspaceId", "contactId") REFERENCES "Contact"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Attempt" ADD CONSTRAINT "Attempt_workspaceId_campaignContactId_fkey" FOREIGN KEY ("workspaceId", "campaignContactId") REFERENCES "CampaignContact"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Attempt" ADD CONSTRAINT "Attempt_workspaceId_callId_fkey" FOREIGN KEY ("workspaceId", "callId") REFERENCES "Call"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SurveyResponse" ADD CONSTRAINT "SurveyResponse_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SurveyResponse" ADD CONSTRAINT "SurveyResponse_workspaceId_surveyId_fkey" FOREIGN KEY ("workspaceId", "surveyId") REFERENCES "Survey"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SurveyResponse" ADD CONSTRAINT "SurveyResponse_workspaceId_campaignId_fkey" FOREIGN KEY ("workspaceId", "campaignId") REFERENCES "Campaign"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SurveyResponse" ADD CONSTRAINT "SurveyResponse_workspaceId_contactId_fkey" FOREIGN KEY ("workspaceId", "contactId") REFERENCES "Contact"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SurveyResponse" ADD CONSTRAINT "SurveyResponse_workspaceId_callId_fkey" FOREIGN KEY ("workspaceId", "callId") REFERENCES "Call"("workspaceId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SurveyAnswer" ADD CONSTRAINT "SurveyAnswer_workspaceId_responseId_fkey" FOREIGN KEY ("workspaceId", "responseId") REFERENCES "SurveyResponse"("workspaceId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

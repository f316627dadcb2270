import { z } from 'zod';

// What the campaign of the demonstration asks of the API, with the shape of each answer.

const problems = z.array(z.object({ message: z.string() }));

export const MAKE_SURVEY = {
  document: 'mutation Make($input: CreateSurveyInput!) { made: createSurvey(input: $input) { survey { id } errors { message } } }',
  shape: z.object({ made: z.object({ survey: z.object({ id: z.string() }).nullable(), errors: problems }) }),
};

export const ADD_PEOPLE = {
  document: 'mutation Add($input: AddContactsInput!) { added: addContacts(input: $input) { errors { message } } }',
  shape: z.object({ added: z.object({ errors: problems }) }),
};

export const LAUNCH = {
  document: 'mutation Launch($input: LaunchCampaignInput!) { launched: launchCampaign(input: $input) { campaign { id } message errors { message } } }',
  shape: z.object({ launched: z.object({ campaign: z.object({ id: z.string() }).nullable(), message: z.string().nullable(), errors: problems }) }),
};

export const PROGRESS = {
  document: `subscription Progress($campaignId: ID!) {
    campaignProgress(campaignId: $campaignId) { status total completed inProgress failed pending retrying suppressed percent attempts etaSeconds cost { formatted } }
  }`,
  shape: z.object({
    campaignProgress: z.object({
      status: z.string(),
      total: z.number(),
      completed: z.number(),
      inProgress: z.number(),
      failed: z.number(),
      pending: z.number(),
      retrying: z.number(),
      suppressed: z.number(),
      percent: z.number(),
      attempts: z.number(),
      etaSeconds: z.number().nullable(),
      cost: z.object({ formatted: z.string() }),
    }),
  }),
};
export type Progress = z.infer<typeof PROGRESS.shape>['campaignProgress'];

export const PEOPLE = {
  document: `subscription People($campaignId: ID!) {
    campaignContact(campaignId: $campaignId) { contact { name phoneNumber } state attempts lastOutcome nextAttemptAt reason }
  }`,
  shape: z.object({
    campaignContact: z.object({
      contact: z.object({ name: z.string().nullable(), phoneNumber: z.string() }),
      state: z.string(),
      attempts: z.number(),
      lastOutcome: z.string().nullable(),
      nextAttemptAt: z.string().nullable(),
      reason: z.string().nullable(),
    }),
  }),
};
export type Place = z.infer<typeof PEOPLE.shape>['campaignContact'];

export const RESPONSES = {
  document: `query Responses($id: ID!) {
    node(id: $id) { ... on Survey { responses(first: 50) { edges { node { contact { phoneNumber } answers { questionKey status mapped } } } } } }
  }`,
  shape: z.object({
    node: z.object({
      responses: z.object({
        edges: z.array(
          z.object({
            node: z.object({
              contact: z.object({ phoneNumber: z.string() }),
              answers: z.array(z.object({ questionKey: z.string(), status: z.string(), mapped: z.array(z.string()) })),
            }),
          }),
        ),
      }),
    }),
  }),
};

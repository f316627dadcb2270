// What a tenant can reach, for test/api/isolation.test.ts: it fails where the schema has more than stands here.
import type { World } from './world.ts';

const today = new Date().toISOString().slice(0, 10);
const soon = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);

/** Arguments that a field cannot do without. */
export const ARGUMENTS: Readonly<Record<string, string>> = {
  'Assistant.grid': `from: "${today}", to: "${soon}"`,
  'Workspace.callStats': `from: "${today}T00:00:00Z", to: "${soon}T00:00:00Z"`,
  'Assistant.bookings': `from: "${today}", to: "${soon}"`,
  'Workspace.bookings': `from: "${today}", to: "${soon}"`,
};

/** Types that no walk over stored things meets, and what keeps them from telling of another workspace. */
export const ELSEWHERE: Readonly<Record<string, string>> = {
  Session: 'the tokens of a sign-in, made for whoever signs in',
  ContactColumns: 'tells of a file that whoever asks has sent',
  RejectedLine: 'tells of a file that whoever asks has sent',
  InvalidInput: 'says what is wrong with the input of who asks',
  SlotTaken: 'answers for an assistant that the verb has found in the workspace; see the arguments',
  DialRefused: 'answers who asks to call, with the rules of their own workspace',
  ...Object.fromEntries(
    ['Staff', 'WorkspaceConnection', 'WorkspaceEdge', 'BusinessMetrics', 'FeatureUse', 'PlatformCount'].map((type) => [
      type,
      'for platform staff alone: tested in staff.test.ts',
    ]),
  ),
  LimitReached: 'says what is left to who asks for a call',
  PlanRequired: 'says what to buy to who asks',
  PreviewedContact: 'answers for a survey that the verb has found in the workspace; see the arguments',
  TranscriptEvent: 'a subscription; see there',
  SimulatedCaller: 'the same for everybody, and of nobody',
};

/** Every argument and input field that takes an id: what it takes, what else is needed, and what comes of a foreign one. */
export interface IdArgument {
  readonly type: keyof World | 'Workspace' | 'User';
  readonly input?: Readonly<Record<string, unknown>>;
  readonly args?: Readonly<Record<string, unknown>>;
  /** A field of the input that is a file. */
  readonly upload?: string;
  /** For a list that is narrowed by it. */
  readonly finds?: 'nothing';
}

export const ID_ARGUMENTS: Readonly<Record<string, IdArgument>> = {
  'Mutation.addContacts.input.surveyId': { type: 'Survey', input: { contacts: [{ phoneNumber: '+12025550143' }] } },
  'Mutation.assignPhoneNumber.input.assistantId': { type: 'Assistant', input: { phoneLineId: 'own PhoneLine' } },
  'Mutation.assignPhoneNumber.input.phoneLineId': { type: 'PhoneLine', input: { assistantId: 'own Assistant' } },
  'Mutation.cancelBooking.input.id': { type: 'Booking' },
  'Mutation.cancelCampaign.input.id': { type: 'Campaign' },
  'Mutation.cancelScheduledCall.input.id': { type: 'ScheduledCall' },
  'Mutation.createBooking.input.assistantId': { type: 'Assistant', input: { startsAt: '2030-01-07T15:00:00Z', customerName: 'Eve' } },
  'Mutation.deleteAssistant.input.id': { type: 'Assistant' },
  'Mutation.deleteRecording.input.callId': { type: 'Call' },
  'Mutation.deleteSurvey.input.id': { type: 'Survey' },
  'Mutation.endCall.input.callId': { type: 'Call' },
  'Mutation.exportResponses.input.campaignId': { type: 'Campaign', input: { surveyId: 'own Survey' } },
  'Mutation.exportResponses.input.surveyId': { type: 'Survey' },
  'Mutation.importContacts.input.surveyId': { type: 'Survey', upload: 'csv' },
  'Mutation.launchCampaign.input.surveyId': { type: 'Survey' },
  'Mutation.markMessageRead.input.id': { type: 'Message' },
  'Mutation.pauseCampaign.input.id': { type: 'Campaign' },
  'Mutation.placeCall.input.assistantId': { type: 'Assistant', input: { to: '+12025550123' } },
  'Mutation.previewCampaign.input.surveyId': { type: 'Survey' },
  'Mutation.provisionPhoneNumber.input.assistantId': { type: 'Assistant' },
  'Mutation.releasePhoneNumber.input.phoneLineId': { type: 'PhoneLine' },
  'Mutation.rescheduleBooking.input.id': { type: 'Booking', input: { startsAt: '2030-01-07T15:00:00Z' } },
  'Mutation.remapAnswers.input.surveyId': { type: 'Survey' },
  'Mutation.resumeCampaign.input.id': { type: 'Campaign' },
  'Mutation.ringAssistant.input.assistantId': { type: 'Assistant', input: { caller: 'anybody' } },
  'Mutation.steerCall.input.callId': { type: 'Call', input: { say: 'Hello.' } },
  'Mutation.transferCall.input.callId': { type: 'Call', input: { to: '+12025550123' } },
  'Mutation.scheduleCall.input.assistantId': { type: 'Assistant', input: { to: '+12025550123', at: `${soon}T15:00:00Z` } },
  'Mutation.setPrimaryPhoneNumber.input.phoneLineId': { type: 'PhoneLine' },
  'Mutation.updateAssistant.input.id': { type: 'Assistant', input: { name: 'Eve' } },
  'Mutation.updateBookingPolicy.input.assistantId': { type: 'Assistant', input: { slotMinutes: 15 } },
  'Mutation.updateSurvey.input.id': { type: 'Survey', input: { title: 'Eve' } },
  'Subscription.booking.assistantId': { type: 'Assistant' },
  'Subscription.call.id': { type: 'Call' },
  'Subscription.campaignContact.campaignId': { type: 'Campaign' },
  'Subscription.campaignProgress.campaignId': { type: 'Campaign' },
  'Subscription.transcript.callId': { type: 'Call' },
  'Workspace.bookings.assistantId': { type: 'Assistant', args: { from: today, to: soon }, finds: 'nothing' },
  'Workspace.calls.filter.assistantId': { type: 'Assistant', finds: 'nothing' },
  'Workspace.calls.filter.campaignId': { type: 'Campaign', finds: 'nothing' },
};
/** For platform staff alone, who see every workspace: tested in staff.test.ts. */
export const STAFF_ROOTS = ['staff'];
export const STAFF_ARGUMENTS = ['Staff.calls.filter.assistantId', 'Staff.calls.filter.campaignId', 'Staff.customer.id'];

/** Walked for each type below. */
export const NODE_ARGUMENTS = ['Query.node.id', 'Query.nodes.ids'];

/** Mutations and subscriptions that take no id: what they act on. */
export const WITHOUT_ID: Readonly<Record<string, string>> = {
  'Mutation.connectCalendar': 'begins a consent for the active workspace',
  'Mutation.createAssistant': 'makes one in the active workspace',
  'Mutation.createCheckoutSession': 'for the active workspace',
  'Mutation.createPortalSession': 'for the active workspace',
  'Mutation.redeemAppStorePurchase': 'for the active workspace; a purchase of another one is a CONFLICT',
  'Mutation.createSurvey': 'makes one in the active workspace',
  'Mutation.exportSuppressions': 'gives a link to the numbers of the active workspace',
  'Mutation.importGoogleForm': 'reads a form into the active workspace, with what its own link lets us read',
  'Mutation.importSuppressions': 'suppresses numbers in the active workspace',
  'Mutation.suppressNumber': 'suppresses a number in the active workspace',
  'Mutation.disconnectCalendar': 'takes the calendar of the active workspace away',
  'Mutation.register': 'makes a workspace',
  'Mutation.refreshSession': 'goes by a secret',
  'Mutation.signIn': 'goes by a secret',
  'Mutation.signOut': 'ends the session it is asked in',
  'Mutation.updateWorkspace': 'changes the active workspace',
  'Subscription.calls': 'the active workspace; tested below',
  'Subscription.message': 'the active workspace; tested below',
  'Subscription.usage': 'the active workspace; tested in usage.test.ts',
};

/** What can be asked without an id, beside `node` and `nodes`. */
export const ROOTS = ['viewer', 'workspace', 'plans', 'voices', 'simulatedCallers'];

import './scalars.ts';
import './types/assistants.ts';
import './types/billing.ts';
import './types/booking-policy.ts';
import './types/bookings.ts';
import './types/calendar.ts';
import './types/call-lab.ts';
import './types/calls.ts';
import './types/identity.ts';
import './types/live.ts';
import './types/messages.ts';
import './types/phone-lines.ts';
import './types/plans.ts';
import './types/transcripts.ts';
import './types/usage.ts';
import './types/workspaces.ts';
import { builder } from './builder.ts';

export const schema = builder.toSchema();

interface Tab {
  readonly query: string;
  readonly variables?: string;
}

/** The account that `npm start` makes (prisma/seed.ts). */
export const TOUR_ACCOUNT = { email: 'demo@callgraph.local', password: 'harbour-hair-demo' };

const variables = (values: object) => JSON.stringify(values, null, 2);

/**
 * What stands in GraphiQL's tabs when somebody opens it for the first time: run one after the other, they lead from
 * signing in to an appointment that was booked on the telephone.
 *
 * @param simulated whether the demo account and its simulated callers are there.
 */
export function tour(simulated: boolean): Tab[] {
  const enter = simulated ? signIn : register;
  const call = simulated ? ring : place;
  return [enter, look, create, call, wall, listen, read, appointments];
}

const signIn: Tab = {
  query: `# 1. Sign in. Then run each tab, from left to right.
#
# \`cookie: true\` signs this browser in: the other tabs need
# nothing else. A program sends the accessToken instead, as one
# can below: Headers, { "Authorization": "Bearer …" }.
mutation SignIn($input: SignInInput!) {
  signIn(input: $input) {
    user { name email }
    session { accessToken accessTokenExpiresAt }
    errors { code message path }
  }
}
`,
  variables: variables({ input: { ...TOUR_ACCOUNT, cookie: true } }),
};

const register: Tab = {
  query: `# 1. Make an account, with a workspace of its own.
#    Then run each tab, from left to right.
#
# \`cookie: true\` signs this browser in: the other tabs need
# nothing else. A program sends the accessToken instead, as one
# can below: Headers, { "Authorization": "Bearer …" }.
mutation Register($input: RegisterInput!) {
  register(input: $input) {
    user { name email }
    session { accessToken accessTokenExpiresAt }
    errors { code message path }
  }
}
`,
  variables: variables({
    input: { email: 'ada@example.com', password: 'choose your own', businessName: 'Bella Salon', timeZone: 'America/New_York', cookie: true },
  }),
};

const look: Tab = {
  query: `# 2. Look around: who you are, who answers which number,
#    and who can be had call.
query Look {
  viewer { name email memberships { role workspace { name } } }
  workspace {
    id
    name
    timeZone
    phoneLines { id phoneNumber assistant { id name } }
    assistants(first: 10) {
      totalCount
      edges { node { id name businessName phoneLine { phoneNumber } isOpen bookingPolicy { mode slotMinutes } } }
    }
  }
  simulatedCallers { key name description }
}
`,
};

const create: Tab = {
  query: `# 3. Create an assistant of your own. Its hours and the length
#    of an appointment make its free slots.
mutation Create($input: CreateAssistantInput!) {
  createAssistant(input: $input) {
    assistant { id name greeting slots { date slots { time label isBooked remaining } } }
    errors { code message path }
  }
}
`,
  variables: variables({
    input: {
      name: 'Robin',
      businessName: 'Bella Salon',
      hours: ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'].map((day) => ({ day, opens: '09:00', closes: '17:00' })),
      faqs: [{ question: 'Is there parking?', answer: 'Yes, behind the house.' }],
    },
  }),
};

const ring: Tab = {
  query: `# 4. Ring an assistant: somebody calls and wants a haircut.
#    Put the id of an assistant that has a line (tab 2) into
#    the variables. Other callers have other wishes.
mutation Ring($assistantId: ID!) {
  ringAssistant(input: { assistantId: $assistantId, caller: "books-a-haircut" }) {
    call { id status from to }
    errors { code message path }
  }
}
`,
  variables: variables({ assistantId: 'the id of an assistant, from tab 2' }),
};

const place: Tab = {
  query: `# 4. Have an assistant call you. It takes a telephone carrier
#    and a line; the errors say what is missing. Put the id of
#    an assistant and your number into the variables.
mutation Place($assistantId: ID!, $to: PhoneNumber!) {
  placeCall(input: { assistantId: $assistantId, to: $to }) {
    call { id status from to }
    errors { code message path }
  }
}
`,
  variables: variables({ assistantId: 'the id of an assistant', to: '+1 202 555 0142' }),
};

const wall: Tab = {
  query: `# 5. The live wall: every call as it starts, changes and ends.
subscription Wall {
  calls { id status direction from outcome durationSeconds assistant { name } }
}
`,
};

const listen: Tab = {
  query: `# 6. Listen in: words while they are spoken (partial), then the
#    turn as it was said. Put the id of the call (tab 4) into
#    the variables. \`after\` is the last turn that you have.
subscription Listen($callId: ID!, $after: Int = 0) {
  transcript(callId: $callId, after: $after) {
    partial
    turn { sequence speaker text heardText interrupted }
  }
}
`,
  variables: variables({ callId: 'the id of the call, from tab 4', after: 0 }),
};

const read: Tab = {
  query: `# 7. Read what happened: who said what, what the assistant did,
#    and what came of it.
query Read {
  workspace {
    calls(first: 5) {
      totalCount
      edges {
        node {
          id
          status
          outcome
          durationSeconds
          transcriptText
          toolCalls { name arguments result status durationMs }
          bookings { customerName date time timeZone status }
          messages { callerName body urgent }
        }
      }
    }
  }
}
`,
};

const appointments: Tab = {
  query: `# 8. The appointments, live: those to come, then each as it is
#    made, moved or canceled.
subscription Appointments {
  booking { id customerName customerPhone startsAt date time timeZone status assistant { name } call { id } }
}
`,
};

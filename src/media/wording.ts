/** What the model is told to say at the turns of a call that are ours to direct. What stands in quotes is said word for word. */

export const greet = (greeting: string) => `Say exactly this and nothing else: "${greeting.replaceAll('"', "'")}"`;

export const goOn = (language: string) => `The line was cut for a second. Say only, in ${language}: "Sorry, go on."`;

/** The answer that was cut off, or never begun, follows. */
export const lineWasCut = (language: string) => `The line was cut for a second. Say only, in ${language}: "Sorry about that."`;

export const oneMoment = (language: string) => `You are still looking something up. Say only, in ${language}: "One moment, please."`;

export const stillThere = (language: string) => `The caller has been silent. Say only, in ${language}: "Are you still there?"`;

export const goodbye = (language: string) => `The call ends now. Say only, in ${language}: "Thank you for calling. Goodbye."`;

export const timeIsUp = (language: string) =>
  `The call has reached its longest time. Say only, in ${language}: "I am sorry, we have run out of time. Please call again. Goodbye."`;

/** Nothing is left of what the subscription allows. */
export const planLimitReached = (language: string) =>
  `The call has used up the time that was left for it. Say only, in ${language}: "I am sorry, I have to end our call here, the time for it is used up. Thank you for calling. Goodbye."`;

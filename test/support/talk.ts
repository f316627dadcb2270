import type { ClaimedCall } from '../../src/domain/calls/records.ts';
import { beginSession, type Effect, type Session, type SessionEvent } from '../../src/media/session.ts';
import { step } from '../../src/media/step.ts';
import type { VoiceEvent } from '../../src/ports/voice-model.ts';

export const claimedCall: ClaimedCall = {
  callId: 'call',
  workspaceId: 'workspace',
  bridgeId: 'bridge',
  plan: {
    direction: 'INBOUND',
    assistantId: 'assistant',
    businessName: 'Harbour Hair',
    instructions: 'Be kind.',
    greeting: 'Harbour Hair, good morning.',
    voice: 'marin',
    otherLanguages: [],
    transfer: null,
    recording: null,
    voicemailMessage: null,
    purpose: null,
    detectsMachines: true,
    interview: null,
    language: 'en-US',
    timeZone: 'Europe/London',
    openingTimes: null,
    tools: [],
    limits: { maximumSeconds: 600, limitedByPlan: false, silenceSeconds: 10 },
  },
  bridgeCount: 1,
  answeredAt: new Date(0),
  known: { answeredBy: null, disclosed: false, voicemailLeft: false, recordingDecision: null, failedTransfer: null },
  turns: [],
  toolCalls: [],
};

/** A session that is told things, one after the other, and remembers what it wanted done. */
export class Talk {
  session: Session;
  effects: Effect[];
  nowMs = 0;

  constructor(claimed: ClaimedCall = claimedCall) {
    const begun = beginSession(claimed, { ms: 0, at: new Date(0) });
    this.session = begun.session;
    this.effects = begun.effects;
  }

  tell(event: SessionEvent): readonly Effect[] {
    const { session, effects } = step(this.session, event, { ms: this.nowMs, at: new Date(this.nowMs) });
    this.session = session;
    this.effects.push(...effects);
    return effects;
  }

  model(event: VoiceEvent) {
    return this.tell({ type: 'model', event });
  }

  wait(ms: number) {
    for (const until = this.nowMs + ms; this.nowMs < until; ) {
      this.nowMs += Math.min(1_000, until - this.nowMs);
      this.tell({ type: 'tick' });
    }
    return this;
  }

  audio(responseId: string, ms: number, itemId = `item-${responseId}`) {
    return this.tell({ type: 'audio', responseId, itemId, base64: Buffer.from(Buffer.alloc(ms * 8).toString('base64')) });
  }

  /** The model says a whole answer. */
  says(responseId: string, text: string, ms: number, done: Partial<Extract<VoiceEvent, { type: 'answer-done' }>> = {}) {
    this.model({ type: 'answer-started', responseId });
    this.model({ type: 'answer-words', responseId, itemId: `item-${responseId}`, delta: text });
    this.audio(responseId, ms);
    return this.done(responseId, done);
  }

  done(responseId: string, done: Partial<Extract<VoiceEvent, { type: 'answer-done' }>> = {}) {
    return this.model({ type: 'answer-done', responseId, status: 'completed', toolCalls: [], usage: null, ...done });
  }

  /** The carrier has played all that it was sent. */
  played() {
    for (const { name } of this.session.playback.marks) this.tell({ type: 'mark', name });
  }

  get turns() {
    return this.effects.filter((effect) => effect.type === 'record').map(({ turn }) => turn);
  }

  get commands() {
    return this.effects.filter((effect) => effect.type === 'command').map(({ command }) => command);
  }

  count(type: Effect['type']) {
    return this.effects.filter((effect) => effect.type === type).length;
  }

  get closed() {
    return this.effects.find((effect) => effect.type === 'close')?.ending;
  }
}

export const talking = (claimed?: ClaimedCall) => {
  const talk = new Talk(claimed);
  talk.model({ type: 'ready' });
  return talk;
};

export const speaks = (talk: Talk, itemId: string, text: string, ms = 1_000) => {
  talk.model({ type: 'speech-started', itemId, atMs: talk.nowMs });
  talk.nowMs += ms;
  talk.model({ type: 'speech-stopped', itemId, atMs: talk.nowMs });
  talk.model({ type: 'caller-text', itemId, text });
};

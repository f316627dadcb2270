import type { RealtimeClientEvent } from 'openai/resources/realtime/realtime';
import { unreachable } from '../../kit/errors.ts';
import type { VoiceCommand, VoiceHistoryItem, VoiceSetup } from '../../ports/voice-model.ts';

/** How long the caller may pause before the model takes the turn, in milliseconds. */
export const TURN_SILENCE_MS = 500;

/** The configuration of a phone conversation: µ-law both ways, turns found by the server's voice activity detection. */
export function sessionUpdate(setup: VoiceSetup): RealtimeClientEvent {
  return {
    type: 'session.update',
    session: {
      type: 'realtime',
      output_modalities: ['audio'],
      instructions: setup.instructions,
      tools: setup.tools.map((tool) => ({ type: 'function', name: tool.name, description: tool.description, parameters: tool.parameters })),
      tool_choice: 'auto',
      audio: {
        input: {
          format: { type: 'audio/pcmu' },
          transcription: transcriptionOf(setup.language),
          noise_reduction: { type: 'near_field' },
          turn_detection: {
            type: 'server_vad',
            threshold: 0.5,
            prefix_padding_ms: 300,
            silence_duration_ms: TURN_SILENCE_MS,
            create_response: true,
            interrupt_response: true,
          },
        },
        output: { format: { type: 'audio/pcmu' }, voice: setup.voice },
      },
    },
  };
}

const transcriptionOf = (language: string | null) => ({ model: 'gpt-4o-mini-transcribe', ...(language && { language: language.split('-')[0] ?? language }) });

/** A stored turn or tool call, put back into a new conversation. */
export function historyItem(item: VoiceHistoryItem): RealtimeClientEvent {
  switch (item.type) {
    case 'caller':
      return { type: 'conversation.item.create', item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: item.text }] } };
    case 'assistant':
      return { type: 'conversation.item.create', item: { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: item.text }] } };
    case 'note':
      return { type: 'conversation.item.create', item: { type: 'message', role: 'system', content: [{ type: 'input_text', text: item.text }] } };
    case 'tool-call':
      return { type: 'conversation.item.create', item: { type: 'function_call', call_id: item.callId, name: item.name, arguments: item.arguments } };
    case 'tool-result':
      return { type: 'conversation.item.create', item: { type: 'function_call_output', call_id: item.callId, output: item.output } };
    default:
      return unreachable(item);
  }
}

export function clientEvent(command: VoiceCommand): RealtimeClientEvent {
  switch (command.type) {
    case 'answer':
      return {
        type: 'response.create',
        response: {
          ...(command.instructions !== undefined && { instructions: command.instructions }),
          ...(command.withoutTools && { tool_choice: 'none' }),
        },
      };
    case 'cancel':
      return { type: 'response.cancel' };
    case 'truncate':
      return { type: 'conversation.item.truncate', item_id: command.itemId, content_index: 0, audio_end_ms: command.heardMs };
    case 'tell':
      return historyItem({ type: command.from === 'caller' ? 'caller' : 'note', text: command.text });
    case 'language':
      return { type: 'session.update', session: { type: 'realtime', audio: { input: { transcription: transcriptionOf(command.language) } } } };
    case 'tool-call':
    case 'tool-result':
      return historyItem(command);
    default:
      return unreachable(command);
  }
}

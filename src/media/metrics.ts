import { Counter, Gauge, type Registry } from 'prom-client';

/** What the media process counts; nothing is counted per frame. */
export interface MediaMetrics {
  readonly calls: Gauge;
  readonly closed: Counter<'reason'>;
  readonly modelErrors: Counter<'code'>;
  readonly turnsWaiting: Gauge;
}

export function mediaMetrics(registry: Registry): MediaMetrics {
  const registers = [registry];
  return {
    calls: new Gauge({ name: 'callgraph_media_calls', help: 'Calls that this process bridges now', registers }),
    closed: new Counter<'reason'>({ name: 'callgraph_media_closed_total', help: 'Media sockets closed, by reason', labelNames: ['reason'], registers }),
    modelErrors: new Counter<'code'>({
      name: 'callgraph_media_model_errors_total',
      help: 'Error events of the voice model, by code',
      labelNames: ['code'],
      registers,
    }),
    turnsWaiting: new Gauge({ name: 'callgraph_media_turns_waiting', help: 'Transcript turns that are not written yet', registers }),
  };
}

import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { listening, spawnPinned, stop } from '../processes.ts';
import type { Contestant } from './contestant.ts';

/** A bridge in one file of `bridges/` that takes its port and the model's address from the environment and checks nothing. */
export function scriptContestant(name: string, socketPath: string): Contestant {
  return {
    name,
    async start({ port, modelUrl, bridgeCpu }) {
      const file = path.join(import.meta.dirname, '..', 'bridges', `${name}.ts`);
      const env = { ...process.env, NODE_ENV: 'production', PORT: String(port), OPENAI_REALTIME_URL: modelUrl, OPENAI_API_KEY: 'bench' };
      const child = spawnPinned(bridgeCpu, process.execPath, [file], { env, stdio: ['ignore', 'ignore', 'inherit'] });
      await listening(port, child);
      return {
        pid: child.pid ?? 0,
        url: `ws://127.0.0.1:${port}${socketPath}`,
        admit: async (calls) => Array.from({ length: calls }, (_, call) => ({ call, carrierCallId: `CA${randomBytes(16).toString('hex')}`, parameters: {} })),
        [Symbol.asyncDispose]: () => stop(child),
      };
    },
  };
}

import { expect, it } from 'vitest';
import { newId } from '../../src/kit/ids.ts';
import { graphql } from '../gql/gql.ts';
import { nodeId, take, testApi } from '../support/api.ts';
import { redisInstalled, startRedis } from '../support/redis.ts';
import { fillWorkspace } from '../support/world.ts';

const Transcript = graphql(`subscription TranscriptWhileAway($callId: ID!, $after: Int) { transcript(callId: $callId, after: $after) { turn { sequence } } }`);

it.skipIf(!redisInstalled)(
  'while Redis is away for half a minute live views pause; then they catch up with all that was said, once',
  { timeout: 90_000 },
  async () => {
    await using server = await startRedis();
    await using api = await testApi({ env: { REDIS_URL: server.url } });
    const { workspaceId, ...ada } = await api.person();
    const { root } = api.database;
    const { Call: callId } = await fillWorkspace(root, workspaceId, 'Ada');
    await root.call.update({ where: { id: callId }, data: { bridgeId: newId() } });
    const turn = async (sequence: number) => {
      const row = { id: newId(), workspaceId, callId, sequence, speaker: 'CALLER', text: `turn ${sequence}`, heardText: '', startedAt: new Date() } as const;
      await root.transcriptTurn.create({ data: row });
      await api.app.events.announce([{ type: 'TurnRecorded', workspaceId, callId, sequence }]);
    };
    await using stream = api.subscribe(Transcript, { callId: nodeId('Call', callId), after: 1 }, { ...ada, over: 'ws' });
    const told = async (count: number) => (await take(stream, count)).map(({ data }) => data?.transcript.turn.sequence);
    await turn(2);
    expect(await told(1)).toEqual([2]);

    await server.kill();
    const away = new Promise((resolve) => setTimeout(resolve, 30_000));
    for (const sequence of [3, 4, 5]) await turn(sequence);
    await away;
    await server.start();

    expect(await told(3)).toEqual([3, 4, 5]);
    await expect
      .poll(
        () =>
          api.app.bus.ping().then(
            () => 'up',
            () => 'down',
          ),
        { timeout: 20_000 },
      )
      .toBe('up');
    await turn(6);
    expect(await told(1)).toEqual([6]);
  },
);

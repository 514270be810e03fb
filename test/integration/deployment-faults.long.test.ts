/** Everything that can go wrong with a server in the middle of a deployment, under every strategy; and a lost connection at every single call. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultKinds, goldenPrompt, prove, settle, sweep } from '../support/deployment-faults.ts';
import { ways } from '../support/deployment-ways.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { WholeDeployments } from '../support/whole-deployments.ts';

const minutes = 60_000;
const folder = temporaryFolder();
let ground: WholeDeployments;
beforeAll(async () => {
  ground = await WholeDeployments.start(folder);
}, 2 * minutes);
afterAll(() => ground.stop());

const settleFor = async ({ servers, config, hasProxy }: (typeof ways)[number], target: string, hasOwnKey = false) => {
  const golden = { golden_prompts: [await goldenPrompt(ground)] };
  const book = hasProxy ? { proxyBook: join(folder, `${target}.json`) } : {};
  return settle(ground, target, { servers, config: { ...golden, ...config }, hasOwnKey, ...book });
};

describe.each(ways)('$name', (way) => {
  it.each(faultKinds)('is taken back, wholly, where $title', async (kind) => {
    const place = await settleFor(way, `${way.name}-${String(faultKinds.indexOf(kind))}`, kind.code === 'REMOTE_DENIED');
    await prove(ground, place, kind);
    await place.relay?.stop();
  });

  it.each(['drop', 'drop-after'] as const)('leaves nothing half done where a connection is lost at any call: %s', async (how) => {
    const place = await settleFor(way, `${way.name}-${how}`);
    for (const faulty of [place.servers.at(-1), place.relay]) {
      if (faulty === undefined || faulty === null) continue;
      const calls = await sweep(ground, place, { faulty, how });
      expect(calls).toBeGreaterThan(faulty === place.relay ? 4 : 60);
    }
    await place.relay?.stop();
  });
});

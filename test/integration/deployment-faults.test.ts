/** One fault of each kind in the middle of a whole deployment: a real host over HTTP, servers in another process. The long test has every strategy and call. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAsBefore, expectNew, faultKinds, goldenPrompt, prove, settle, standings } from '../support/deployment-faults.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { WholeDeployments } from '../support/whole-deployments.ts';

let ground: WholeDeployments;
beforeAll(async () => {
  ground = await WholeDeployments.start(temporaryFolder());
}, 120_000);
afterAll(() => ground.stop());

describe.concurrent('a deployment is taken back, wholly, where', { timeout: 120_000 }, () => {
  it.each(faultKinds.filter(({ isFirst }) => isFirst === true).map((kind, i) => ({ ...kind, target: `desk-${String(i)}` })))(
    '$title',
    async ({ target, ...kind }) => {
      const config = { golden_prompts: [await goldenPrompt(ground)] };
      await prove(ground, await settle(ground, target, { config, hasOwnKey: kind.code === 'REMOTE_DENIED' }), kind);
    },
  );
});

describe('a lost connection', { timeout: 120_000 }, () => {
  it.each([
    ['drop', 'POST /models/apply', /^rolled_back|^done/],
    ['drop-after', 'POST /models/apply', /^done/],
    ['drop-after', 'PATCH /api/models/config-json/bot', /^done/],
  ] as const)('%s at %s leaves nothing half done', async (how, at, ends) => {
    const place = await settle(ground, `lost-${how}-${String(at.length)}`);
    const before = await standings(place);
    await place.servers[0]?.misbehave({ at, how, times: 1 });
    const end = await ground.whole('1.1.0', place.target);
    expect(end.state).toMatch(ends);
    await (end.state === 'done' ? expectNew(ground, place, end) : expectAsBefore(ground, place, before));
  });
});

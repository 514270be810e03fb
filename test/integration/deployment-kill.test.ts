/** The host is killed (SIGKILL) in the middle of real deployments by every strategy: the next host brings each wholly forward or wholly back. The long test tries every point. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { settle, type Place } from '../support/deployment-faults.ts';
import { killAt, pointsOf } from '../support/deployment-kills.ts';
import { ways } from '../support/deployment-ways.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { WholeDeployments } from '../support/whole-deployments.ts';

const folder = temporaryFolder();
let ground: WholeDeployments;
let places: readonly Place[];
beforeAll(async () => {
  ground = await WholeDeployments.start(folder);
  places = await Promise.all(
    ways.map(({ name, servers, config, hasProxy }) =>
      settle(ground, name, { servers, config: { ...config, validation_enabled: false }, ...(hasProxy ? { proxyBook: join(folder, `${name}.json`) } : {}) }),
    ),
  );
}, 180_000);
afterAll(async () => {
  await ground.stop();
  for (const { relay } of places) await relay?.stop();
});

it('leaves each of them wholly new or wholly old', { timeout: 600_000 }, async () => {
  const points = await Promise.all(places.map((place) => pointsOf(ground, place)));
  for (const points_ of points) expect(points_.length).toBeGreaterThan(12);
  // Where a model is brought there, and where little is left to do.
  for (const share of [0.45, 0.85])
    await killAt(
      ground,
      places.map((place, i) => {
        const of = points[i] ?? [];
        const point = of[Math.floor(share * of.length)];
        if (point === undefined) throw new Error('no point');
        return { place, point };
      }),
    );
});

/** The host is killed (SIGKILL) before and after every call that changes something on a server, and where it looks, under every strategy. */
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
      settle(ground, name, { servers, config, ...(hasProxy ? { proxyBook: join(folder, `${name}.json`) } : {}) }),
    ),
  );
});
afterAll(async () => {
  await ground.stop();
  for (const { relay } of places) await relay?.stop();
});

it('leaves each of them wholly new or wholly old, wherever it was', async () => {
  const points = await Promise.all(places.map((place) => pointsOf(ground, place)));
  const rounds = Math.max(...points.map(({ length }) => length));
  for (const [i, of] of points.entries()) expect([places[i]?.target, of.length > 20]).toEqual([places[i]?.target, true]);
  for (let round = 0; round < rounds; round += 1) {
    await killAt(
      ground,
      places.flatMap((place, i) => {
        const point = points[i]?.[round];
        return point === undefined ? [] : [{ place, point }];
      }),
    );
  }
});

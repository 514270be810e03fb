/** A host that is killed in the middle of whole deployments, and what the next one makes of them. */
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { expectWhole, standings, type Faulty, type Place } from './deployment-faults.ts';
import type { Standing, WholeDeployments } from './whole-deployments.ts';

/** A call that is never answered, and after which the host is dead. */
export interface Point {
  readonly faulty: Faulty;
  readonly skip: number;
  /** Whether it has happened. */
  readonly how: 'hang' | 'hang-after';
  /** For a failure's words. */
  readonly call: string;
}

/** Nothing on the server is another after it; of such calls in a row only the first and the last are tried. */
const isLook = (call: string): boolean => call.startsWith('GET ') || /^POST [/](v1[/]chat|api[/]score|api[/]models[/]vram)/.test(call);

/** Of an undisturbed deployment, which is taken back: before and after each call that changes something, and where questions begin and end. */
export async function pointsOf(ground: WholeDeployments, place: Place): Promise<readonly Point[]> {
  const all = [...place.servers, ...(place.relay === null ? [] : [place.relay])];
  const from = await Promise.all(all.map((faulty) => faulty.misbehave()));
  const end = await ground.whole('1.1.0', place.target, place.config);
  expect([end.state, end.question]).toEqual(['done', null]);
  const heard = await Promise.all(all.map((faulty, i) => faulty.calls(from[i] ?? 0)));
  await ground.takeBack(end.deployment);
  return all.flatMap((faulty, i) => pointsIn(heard[i] ?? []).map((point) => ({ faulty, ...point })));
}

function pointsIn(calls: readonly string[]): readonly Omit<Point, 'faulty'>[] {
  return calls.flatMap((call, skip) => {
    const [before, after] = [calls[skip - 1], calls[skip + 1]];
    if (!isLook(call))
      return [
        { skip, how: 'hang' as const, call },
        { skip, how: 'hang-after' as const, call },
      ];
    const isEdge = before === undefined || after === undefined || kindOf(before) !== kindOf(call) || kindOf(after) !== kindOf(call);
    return isEdge ? [{ skip, how: 'hang' as const, call }] : [];
  });
}

/** What is alike for whoever looks. */
const kindOf = (call: string): string => (isLook(call) ? (call.split(' ')[0] ?? '') : call);

/** Deployments at once, each up to its point; then the host is dead, and the next one brings them to their ends. */
export async function killAt(ground: WholeDeployments, all: readonly { readonly place: Place; readonly point: Point }[]): Promise<void> {
  const before = new Map<string, readonly Standing[]>();
  const begun = await Promise.all(
    all.map(async ({ place, point }) => {
      before.set(place.target, await standings(place));
      await point.faulty.misbehave({ at: '', how: point.how, skip: point.skip, times: 1 });
      const held = point.faulty.nextFault();
      const id = await ground.deploy('1.1.0', place.target, place.config);
      await Promise.race([held, ground.until(id), pause(60_000)]);
      return { place, point, id };
    }),
  );
  await ground.kill();
  for (const { point } of begun) await point.faulty.misbehave();
  await ground.open();
  await Promise.all(
    begun.map(async ({ place, point, id }) => {
      const end = await ground.until(id);
      const said = `${place.target} killed at ${point.call} (${point.how}, call ${String(point.skip + 1)} to ${point.faulty.name}): ${end.state} ${end.error?.code ?? ''} ${end.question ?? ''}`;
      expect(said).toMatch(/: (done|rolled_back \w+) +$/);
      await expectWhole(ground, place, { end, before: before.get(place.target) ?? [] }).catch((error: unknown) => {
        throw new Error(`${said}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
      });
    }),
  );
}

/** A deployment's life in which Lathe dies at one act, comes back, and brings it to its end; and what must hold then. */
import { expect } from 'vitest';
import type { DeploymentConfig } from '../../shared/domain/deployment-config.ts';
import { ownFolder } from './empty-store.ts';
import { MemoryServer, type Act } from './memory-server.ts';
import { MemorySplitter, TestClock, testCaller, testDeploy } from './test-deploy.ts';

/** Acts between which nothing changes on a server are one. */
const changing: ReadonlySet<Act> = new Set(['install', 'load', 'unload', 'remove', 'setAlias']);
/** It never answers: whoever asked is gone. */
const never = new Promise<never>(() => undefined);

export interface Life {
  readonly title: string;
  readonly config: Partial<DeploymentConfig>;
  readonly servers: number;
  readonly hasProxy?: boolean;
  /** Taken back by hand when it is done. */
  readonly isBack?: boolean;
}

export const lives: readonly Life[] = [
  { title: 'blue_green', config: {}, servers: 1 },
  { title: 'canary over a proxy', config: { strategy: 'canary', canary_steps: [20, 60] }, servers: 2, hasProxy: true },
  { title: 'canary by servers', config: { strategy: 'canary', canary_steps: [50] }, servers: 2 },
  { title: 'canary by a cohort', config: { strategy: 'canary' }, servers: 1 },
  { title: 'rolling', config: { strategy: 'rolling' }, servers: 2 },
  { title: 'rolling with one version in memory', config: { strategy: 'rolling', max_instances: 1 }, servers: 2 },
  { title: 'recreate', config: { strategy: 'recreate', max_instances: 1 }, servers: 1 },
  { title: 'the way back of blue_green', config: {}, servers: 1, isBack: true },
  { title: 'the way back over a proxy', config: { strategy: 'canary', canary_steps: [50] }, servers: 1, hasProxy: true, isBack: true },
];

/** Runs it; `dieAt` 0: nobody dies. Returns how many acts there were to die at. */
export async function live(
  { config, servers: count, hasProxy = false, isBack = false }: Life,
  { dieAt, when, downMs }: { dieAt: number; when: 'before' | 'after'; downMs: number },
): Promise<number> {
  const home = ownFolder();
  const servers = Array.from({ length: count }, (_, i) => new MemoryServer(`s${i}`));
  const splitter = hasProxy ? new MemorySplitter() : null;
  const clock = new TestClock();
  const options = { servers, splitter, clock };
  const first = testDeploy(home, options);
  const old = await first.until((await first.start(await first.makeVersion('1.0.0'))).deployment);
  const before = servers.map((server) => server.snapshot());
  const wanted = await first.makeVersion('1.1.0');
  let acts = 0;
  const act = (): Promise<never> | undefined => ((acts += 1) === dieAt ? never : undefined);
  const arm = (): void => {
    for (const server of servers) {
      server.before = (each) => (when === 'before' && changing.has(each) ? act() : undefined);
      server.after = (each) => (when === 'after' && changing.has(each) ? act() : undefined);
    }
  };
  const told = splitter?.told.length ?? 0;
  if (!isBack) arm();
  const { deployment: id } = await first.start(wanted, config);
  if (isBack) {
    await first.until(id);
    arm();
    first.deployments.rollback({ deployment: id, reason: 'by hand' }, testCaller);
  }
  await Promise.race([first.until(id), dieAt === 0 ? never : untilReached(() => acts >= dieAt)]);
  if (dieAt === 0) {
    await first.close();
    return acts;
  }
  for (const server of servers) Object.assign(server, { before: () => undefined, after: () => undefined });
  clock.pass(downMs);
  const second = testDeploy(home, options);
  second.runner.recover();
  const end = await second.until(id);
  const isNew = end.state === 'done';
  expect(`${end.state} ${end.error?.code ?? ''}`).toMatch(
    isBack ? /^rolled_back ROLLBACK_ASKED$/ : downMs > 600_000 ? /^(rolled_back DEPLOYMENT_OVERDUE|done )$/ : /^done $/,
  );
  expect(servers.map((server) => server.aliases.get('bot'))).toEqual(servers.map(() => (isNew ? end.served_as : old.served_as)));
  if (!isNew) expect(servers.map((server) => server.snapshot())).toEqual(before);
  expect(splitter?.split ?? null).toBeNull();
  expect(second.store.servings.open('desk', 'bot').map(({ served_as, share }) => `${served_as} ${share}`)).toEqual(
    servers.map(() => `${isNew ? end.served_as : old.served_as} 100`),
  );
  expect(second.store.servings.open('desk', 'bot-canary')).toEqual([]);
  expect(end.steps.filter(({ state }) => state === 'running')).toEqual([]);
  expect(splitter === null || splitter.told.length >= told).toBe(true);
  expect(second.store.audit.verify().broken).toBeNull();
  await second.close();
  first.store.close();
  return acts;
}

async function untilReached(is: () => boolean): Promise<void> {
  while (!is()) await new Promise((resolve) => setImmediate(resolve));
}

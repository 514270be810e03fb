/** What goes wrong in the middle of a whole deployment, and what must hold then: everything as it was, the history says why, and the next one works. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import type { DeploymentConfig } from '../../shared/domain/deployment-config.ts';
import type { DeploymentDetails } from '../../shared/domain/deployment.ts';
import { embeddedBase, testKey } from './localai-contract.ts';
import type { FleetServer } from './localai-standin/fleet.ts';
import { engineVoice } from './localai-standin/voice.ts';
import { proxyKey, ProxyRelay } from './proxy-relay.ts';
import { standing, type Standing, type WholeDeployments } from './whole-deployments.ts';

/** A target with the first version in place. */
export interface Place {
  readonly target: string;
  readonly servers: readonly FleetServer[];
  /** Of every deployment there. */
  readonly config: Partial<DeploymentConfig>;
  readonly first: DeploymentDetails;
  /** Before its proxy, where it has one. */
  readonly relay: ProxyRelay | null;
}

/** What can be made to fail. */
export type Faulty = Pick<FleetServer, 'name' | 'misbehave' | 'nextFault' | 'calls'>;

export interface FaultKind {
  readonly title: string;
  /** One of its kind, for the short test. */
  readonly isFirst?: boolean;
  readonly config?: Partial<DeploymentConfig>;
  /** Of the last of the servers, which the others are done before. Resolves with what ends it. */
  readonly spoil: (server: FleetServer, ground: WholeDeployments, place: Place) => Promise<() => Promise<unknown>>;
  /** Of the deployment's error. */
  readonly code: string;
  /** In the problem of one of its steps. */
  readonly words: string;
}

const spoiled = 'support-1.1.0';
const chats = 'POST /v1/chat/completions';
const load = 'POST /backend/load';
const flip = 'PATCH /api/models/config-json/bot';
const usual = { spoiled: '', adapterIgnored: false, says: null, answerMs: 0, failingShare: 0, diskFull: false } as const;
const never = (): Promise<void> => Promise.resolve();

/** Does something when the server is called so for the first time, before it answers. */
async function when(server: FleetServer, at: string, act: () => Promise<unknown>): Promise<() => Promise<unknown>> {
  await server.misbehave({ at, how: 'delay', ms: 50, times: 1 });
  const over = server.nextFault().then(act);
  return () => over;
}

const behave = (changes: object) => async (server: FleetServer) => {
  await server.order({ do: 'behave', changes: { spoiled, ...changes } });
  return never;
};

/** What 1.1.0 rightly answers. */
export async function goldenPrompt(ground: WholeDeployments): Promise<DeploymentConfig['golden_prompts'][number]> {
  const prompt = 'Name two primary colours.';
  const adapter = join(ground.folder, 'adapters', 'adapter-1.1.0.gguf');
  const { text } = await engineVoice().chat({ base: embeddedBase, adapter }, { messages: [{ role: 'user', content: prompt }], maxTokens: 24 });
  expect(text.trim()).not.toBe('');
  return { prompt, contains: [text.trim()], max_tokens: 24 };
}

/** Each strategy meets them all. */
export const faultKinds: readonly FaultKind[] = [
  { title: 'answers are wrong', isFirst: true, spoil: behave({ says: 'I am lost' }), code: 'VALIDATION_FAILED', words: 'the answer to a golden prompt lacks' },
  { title: 'the adapter is not applied', isFirst: true, spoil: behave({ adapterIgnored: true }), code: 'VALIDATION_FAILED', words: 'adapter is not applied' },
  {
    title: 'answers are slow',
    isFirst: true,
    config: { max_latency: '500ms' },
    spoil: behave({ answerMs: 700 }),
    code: 'VALIDATION_FAILED',
    words: 'max_latency is 500ms',
  },
  {
    title: 'answers are slow once it is used',
    config: { max_latency: '1s' },
    spoil: (server) => when(server, flip, () => server.order({ do: 'behave', changes: { spoiled, answerMs: 1_500 } })),
    code: 'HEALTH_FAILED',
    words: 'max_latency is 1s',
  },
  {
    title: 'every request fails',
    isFirst: true,
    spoil: async (server) => {
      await server.misbehave({ at: chats, how: 'status', status: 503, body: { error: { code: 503, message: 'overloaded' } } });
      return never;
    },
    code: 'REMOTE_FAILED',
    words: 'overloaded',
  },
  { title: 'every second request fails', spoil: behave({ failingShare: 0.5 }), code: 'REMOTE_FAILED', words: 'EOF' },
  {
    title: 'requests fail once it is used',
    config: { step_pause: '2s' },
    spoil: (server) => when(server, flip, () => server.order({ do: 'behave', changes: { spoiled, failingShare: 1 } })),
    code: 'HEALTH_FAILED',
    words: 'failed',
  },
  {
    title: 'the server is gone for longer than it may be',
    isFirst: true,
    config: { rollback_timeout: '8s' },
    spoil: (server) =>
      when(server, load, async () => {
        await server.order({ do: 'down' });
        await pause(9_000);
        await server.order({ do: 'up' });
      }),
    code: 'REMOTE_UNREACHABLE',
    words: '',
  },
  { title: 'the disk is full', isFirst: true, spoil: behave({ diskFull: true }), code: 'ARTIFACT_NOT_FETCHED', words: 'no space left' },
  {
    title: 'the disk fills up before the switch',
    spoil: (server) => when(server, load, () => server.order({ do: 'behave', changes: { diskFull: true } })),
    code: 'REMOTE_FAILED',
    words: 'no space left',
  },
  {
    title: 'the key is revoked',
    isFirst: true,
    spoil: (server, ground, { target, servers }) =>
      when(server, load, async () => {
        for (const each of servers) await each.order({ do: 'setKey', key: 'another-key' });
        await pause(2_000);
        await ground.setKey('another-key', target);
      }),
    code: 'REMOTE_DENIED',
    words: 'refuses',
  },
];

interface Settings {
  readonly servers?: number;
  readonly config?: Partial<DeploymentConfig>;
  /** The secret of its key is called as the target. */
  readonly hasOwnKey?: boolean;
  /** One server behind a proxy whose splits are in this file. */
  readonly proxyBook?: string;
}

/** A target of its own, whose servers are called after it. */
export async function settle(
  ground: WholeDeployments,
  target: string,
  { servers: count = 1, config = {}, hasOwnKey = false, proxyBook }: Settings = {},
): Promise<Place> {
  const servers = await Promise.all(Array.from({ length: count }, (_, i) => ground.server(`${target}-${String(i + 1)}`)));
  if (hasOwnKey) await ground.setKey(testKey, target);
  const relay = proxyBook === undefined ? null : await ProxyRelay.start(servers[0]?.url ?? '', proxyBook);
  if (relay !== null) await ground.setKey(proxyKey, `${target}-proxy`);
  const proxy = relay === null ? null : { url: relay.url, secret: `${target}-proxy` };
  await ground.target(target, servers, { proxy, ...(hasOwnKey ? { secret: target } : {}) });
  const first = await ground.whole('1.0.0', target, { validation_enabled: false });
  expect([first.state, first.error]).toEqual(['done', null]);
  return { target, servers, config, first, relay };
}

export const standings = ({ servers }: Place): Promise<readonly Standing[]> => Promise.all(servers.map(standing));

/** The first version answers on every server, by the history as by the servers. */
export async function expectAsBefore(ground: WholeDeployments, place: Place, before: readonly Standing[]): Promise<void> {
  expect(await standings(place)).toEqual(before);
  const answering = await ground.answering(place.target);
  expect(answering.map(({ server, served_as, share }) => `${server} ${served_as} ${String(share)}`).sort()).toEqual(
    place.servers.map(({ name }) => `${name} ${place.first.served_as} 100`).sort(),
  );
}

/** The second version answers wholly. */
export async function expectNew(ground: WholeDeployments, place: Place, end: DeploymentDetails): Promise<void> {
  for (const { aliases, loaded } of await standings(place)) {
    expect(aliases).toEqual({ bot: end.served_as });
    expect(loaded).toContain(end.served_as);
  }
  const answering = await ground.answering(place.target);
  expect(new Set(answering.map(({ served_as, share }) => `${served_as} ${String(share)}`))).toEqual(new Set([`${end.served_as} 100`]));
}

/** From the fault to a deployment that works, and back again. */
export async function prove(ground: WholeDeployments, place: Place, kind: FaultKind): Promise<void> {
  const { target, servers, config } = place;
  const server = servers.at(-1);
  if (server === undefined) throw new Error('no server');
  const before = await standings(place);
  const over = await kind.spoil(server, ground, place);
  const end = await ground.whole('1.1.0', target, { ...config, ...kind.config });
  await over();
  expect(`${kind.title}: ${end.state} ${end.error?.code ?? ''} ${end.question ?? ''}`).toBe(`${kind.title}: rolled_back ${kind.code} `);
  expect(end.steps.map(({ problem }) => problem ?? '').join('; ')).toContain(kind.words);
  await expectAsBefore(ground, place, before);
  await server.misbehave();
  await server.order({ do: 'behave', changes: usual });
  await expectWorks(ground, place, before);
}

/** The next one is done, and taken back again. */
export async function expectWorks(ground: WholeDeployments, place: Place, before: readonly Standing[]): Promise<void> {
  const next = await ground.whole('1.1.0', place.target, place.config);
  expect([next.state, next.error, next.question]).toEqual(['done', null, null]);
  await expectNew(ground, place, next);
  expect((await ground.takeBack(next.deployment)).state).toBe('rolled_back');
  await expectAsBefore(ground, place, before);
}

/** A connection is lost at each call, one after the other, until a deployment goes through without one. Returns how many there were. */
export async function sweep(
  ground: WholeDeployments,
  place: Place,
  { faulty, how }: { readonly faulty: Faulty; readonly how: 'drop' | 'drop-after' },
): Promise<number> {
  const before = await standings(place);
  for (let skip = 0; ; skip += 1) {
    let dropped = '';
    await faulty.misbehave({ at: '', how, skip, times: 1 });
    void faulty.nextFault().then((call) => (dropped = call));
    const end = await ground.whole('1.1.0', place.target, place.config);
    await faulty.misbehave();
    const said = `${how} at call ${String(skip + 1)} to ${faulty.name}, ${dropped}: ${end.state} ${end.error?.code ?? ''} ${end.question ?? ''}`;
    expect(said).toMatch(/: (done|rolled_back \w+) +$/);
    await expectWhole(ground, place, { end, before }).catch((error: unknown) => {
      throw new Error(`after ${said}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    });
    if (dropped === '') return skip;
  }
}

/** Wholly new, and then taken back; or wholly old, and the history says why. */
export async function expectWhole(
  ground: WholeDeployments,
  place: Place,
  { end, before }: { readonly end: DeploymentDetails; readonly before: readonly Standing[] },
): Promise<void> {
  expect(end.steps.filter(({ state }) => state === 'running')).toEqual([]);
  if (end.state === 'done') {
    await expectNew(ground, place, end);
    expect((await ground.takeBack(end.deployment)).state).toBe('rolled_back');
  } else expect(end.steps.some(({ problem }) => problem !== null)).toBe(true);
  await expectAsBefore(ground, place, before);
}

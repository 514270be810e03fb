/** The route table of the public door. */
import { z } from 'zod';
import { calls, coreEvents, type CallName } from '../../shared/contracts/calls.ts';
import { Run, RunName } from '../../shared/contracts/run-calls.ts';
import { startRunOf, TrainingStart } from '../../shared/contracts/training-start.ts';
import { benchmarkRoutes } from './benchmark-routes.ts';
import { deploymentRoutes } from './deployment-routes.ts';
import { registryRoutes } from './registry-routes.ts';
import { asCall, route, type Given, type Route } from './route.ts';

const ById = z.strictObject({ id: RunName });

/** A run as the public paths name it. */
export const TrainingRun = Run.extend({ id: z.string() });
const trainingRun = (run: Run): Given => ({ value: { id: run.run, ...run }, revision: run.revision });

const statusPath = (id: string): string => `/v1/training/status/${encodeURIComponent(id)}`;

const training: readonly Route[] = [
  route({
    method: 'POST',
    path: '/v1/training/start',
    part: 'Training',
    does: 'queue a run; its progress is at the Location of the answer and in the events',
    role: calls['runs.start'].role,
    body: TrainingStart,
    status: 202,
    answer: TrainingRun,
    handle: async ({ body, call }) => {
      const run = await call('runs.start', startRunOf(body));
      return { ...trainingRun(run), headers: { location: statusPath(run.run) } };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/training/status/{id}',
    part: 'Training',
    ...asCall('runs.status'),
    params: ById,
    status: 200,
    answer: TrainingRun,
    handle: async ({ params, call }) => trainingRun(await call('runs.status', { run: params.id })),
  }),
  route({
    method: 'POST',
    path: '/v1/training/stop/{id}',
    part: 'Training',
    ...asCall('runs.stop'),
    params: ById,
    body: z.strictObject({ force: z.boolean().default(false) }),
    status: 202,
    answer: TrainingRun,
    handle: async ({ params, body, call }) => {
      const run = await call('runs.stop', { run: params.id, force: body.force });
      return { ...trainingRun(run), headers: { location: statusPath(run.run) } };
    },
    isConditional: true,
  }),
];

export const Health = z.object({ status: z.literal('ok') });
/** Of what queues. */
export const QueueHealth = Health.extend({ queued: z.int().min(0), active: z.int().min(0) });

const health = (path: string, does: string, { answer, handle }: Pick<Route, 'answer' | 'handle'>): Route =>
  route({ method: 'GET', path, part: 'Health', does, role: null, status: 200, answer, handle });

const healths: readonly Route[] = [
  health('/health', 'whether the host answers', { answer: Health, handle: () => ({ value: { status: 'ok' } }) }),
  health('/health/training', 'whether runs are taken, and how many there are', {
    answer: QueueHealth,
    handle: async ({ call }) => {
      const { queued, active } = (await call('host.status', {})).runs;
      return { value: { status: 'ok', queued, active } };
    },
  }),
  health('/health/benchmarks', 'whether benchmark runs are taken, and how many there are', {
    answer: QueueHealth,
    handle: async ({ call }) => ({ value: { status: 'ok', ...(await call('host.status', {})).benchmarks } }),
  }),
  health('/health/deployment', 'whether deployments are taken, and how many go on', {
    answer: QueueHealth,
    handle: async ({ call }) => {
      const active = (await call('deployments.list', { state: ['running', 'waiting', 'rolling_back'], limit: 1_000 })).deployments;
      const waiting = active.filter(({ state }) => state === 'waiting').length;
      return { value: { status: 'ok', queued: waiting, active: active.length - waiting } };
    },
  }),
];

export const EventQuery = z.strictObject({
  run: RunName.optional(),
  /** Names with commas between. */
  events: z
    .string()
    .max(1_000)
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(Object.keys(coreEvents) as [keyof typeof coreEvents])))
    .optional(),
});
export type EventQuery = z.output<typeof EventQuery>;

const own: readonly Route[] = [
  route({
    method: 'GET',
    path: '/v1/events',
    part: 'Events',
    does: 'what happens, as server-sent events; Last-Event-ID goes on where a stream broke off',
    role: 'viewer',
    query: EventQuery,
    status: 200,
    answer: 'text/event-stream',
    handle: 'events',
  }),
  route({
    method: 'GET',
    path: '/v1/openapi.json',
    part: 'Description',
    does: 'this API as OpenAPI 3.1',
    role: 'viewer',
    status: 200,
    answer: 'application/json',
    handle: 'openapi',
  }),
  route({
    method: 'GET',
    path: '/metrics',
    part: 'Health',
    does: 'figures of this host in the text format of Prometheus',
    role: 'viewer',
    status: 200,
    answer: 'text/plain',
    handle: 'metrics',
  }),
  route({
    method: 'GET',
    path: '/',
    part: 'Browser',
    does: 'the page, for a browser that is logged in; else a word on how to log in',
    role: null,
    status: 200,
    answer: 'text/html',
    handle: 'page',
  }),
  route({
    method: 'GET',
    path: '/assets/{file}',
    part: 'Browser',
    does: "a file of the page: code, type, pictures; nothing of this host's",
    role: null,
    params: z.strictObject({ file: z.string().min(1).max(200) }),
    status: 200,
    answer: 'application/octet-stream',
    handle: 'pageFile',
  }),
  route({ method: 'GET', path: '/icon.svg', part: 'Browser', does: "the page's icon", role: null, status: 200, answer: 'image/svg+xml', handle: 'pageFile' }),
  route({
    method: 'GET',
    path: '/login',
    part: 'Browser',
    does: 'log a browser in by the link that `lathe serve` prints; good once, for five minutes',
    role: null,
    query: z.strictObject({ code: z.string().min(1).max(100) }),
    status: 303,
    answer: 'text/html',
    handle: 'login',
  }),
];

/** Calls that change one entry with a revision. */
const changesOne = new Set<CallName>([
  ...(['runs.pause', 'runs.continue', 'runs.stop', 'runs.resume', 'runs.setPriority', 'runs.remove'] as const),
  ...(['benchmarks.stop', 'benchmarks.resume', 'benchmarks.remove'] as const),
  ...(['schedules.update', 'schedules.remove'] as const),
  ...(['registry.update', 'registry.setState', 'registry.tag', 'registry.remove'] as const),
  ...(['hana.save', 'hana.remove'] as const),
  ...(['targets.save', 'targets.remove', 'deployments.confirm', 'deployments.pause', 'deployments.rollback', 'deployments.abandon'] as const),
]);

/** The contract table over HTTP, a path a call: what the page uses. */
const callRoutes: readonly Route[] = (Object.keys(calls) as CallName[]).map((name) => {
  const row = calls[name];
  return route({
    method: 'POST',
    path: `/v1/calls/${name}`,
    part: 'Calls',
    ...asCall(name),
    // The core parses it, as for every door.
    body: z.unknown(),
    status: 200,
    answer: row.output,
    ...('secret' in row ? { secret: true } : {}),
    handle: async ({ body, call }) => ({ value: await call(name, body as never) }),
    ...(changesOne.has(name) ? { isConditional: true } : {}),
  });
});

export const routes: readonly Route[] = [...training, ...registryRoutes, ...benchmarkRoutes, ...deploymentRoutes, ...healths, ...own, ...callRoutes];

/** The rows of each path, in the order of the table. */
export const routesByPath: ReadonlyMap<string, readonly Route[]> = new Map(
  [...new Set(routes.map(({ path }) => path))].map((path) => [path, routes.filter((row) => row.path === path)]),
);

/** What a body is described with: that of a call is the core's to parse. */
export const bodySchema = ({ path, body }: Route): z.ZodType | null => {
  const name = path.startsWith('/v1/calls/') ? path.slice('/v1/calls/'.length) : null;
  return name === null ? ((body as z.ZodType | undefined) ?? null) : calls[name as CallName].input;
};

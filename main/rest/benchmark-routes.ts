/** The public paths of benchmarks. */
import { z } from 'zod';
import { BenchmarkRunDetails, BenchmarkRunName } from '../../shared/contracts/benchmark-calls.ts';
import { BenchmarkRequest } from '../../shared/domain/benchmark-run.ts';
import { asCall, route, type Given, type Route } from './route.ts';

const part = 'Benchmarks';
const { models, benchmarks } = BenchmarkRequest.shape;

/** As BenchmarkRequest; one model and one benchmark may stand alone: `model`, `benchmark`. */
const BenchmarkStart = BenchmarkRequest.extend({
  models: models.optional(),
  benchmarks: benchmarks.optional(),
  model: models.element.optional(),
  benchmark: benchmarks.element.optional(),
})
  .refine(({ models: several, model }) => (several === undefined) !== (model === undefined), { error: 'needs model or models, and not both', path: ['models'] })
  .refine(({ benchmarks: several, benchmark }) => (several === undefined) !== (benchmark === undefined), {
    error: 'needs benchmark or benchmarks, and not both',
    path: ['benchmarks'],
  });

function requestOf({ model, benchmark, ...request }: z.output<typeof BenchmarkStart>): BenchmarkRequest {
  return { ...request, models: request.models ?? listOf(model), benchmarks: request.benchmarks ?? listOf(benchmark) };
}

const listOf = (one: string | undefined): string[] => (one === undefined ? [] : [one]);

/** A run as the public paths name it. */
const BenchmarkResults = BenchmarkRunDetails.extend({ run_id: z.string() });
const given = (run: BenchmarkRunDetails): Given => ({ value: { run_id: run.run, ...run }, revision: run.revision });
const resultsPath = (run: string): string => `/v1/benchmarks/results/${encodeURIComponent(run)}`;

export const benchmarkRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/v1/benchmarks/run',
    part,
    ...asCall('benchmarks.start'),
    body: BenchmarkStart,
    status: 202,
    answer: BenchmarkResults,
    handle: async ({ body, call }) => {
      const run = await call('benchmarks.start', requestOf(body));
      return { ...given(run), headers: { location: resultsPath(run.run) } };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/benchmarks/results/{run_id}',
    part,
    ...asCall('benchmarks.get'),
    params: z.strictObject({ run_id: BenchmarkRunName }),
    status: 200,
    answer: BenchmarkResults,
    handle: async ({ params, call }) => given(await call('benchmarks.get', { run: params.run_id })),
  }),
];

/** The registry's public paths. */
import { z } from 'zod';
import { calls } from '../../shared/contracts/calls.ts';
import { Comparison, MetricBound, RegisterVersion, VersionDetails, VersionFilter } from '../../shared/contracts/registry-calls.ts';
import { parseVersionText, VersionKey } from '../../shared/domain/version.ts';
import { asCall, route, type Given, type Route } from './route.ts';

const part = 'Registry';
const list = (text: string): string[] => text.split(',').filter((each) => each !== '');

/** As VersionFilter, in the words of a query: lists with commas, `metrics=loss<1.5`. */
const VersionQuery = z.strictObject({
  name: VersionFilter.shape.name.unwrap().unwrap().optional(),
  tags: z.string().max(4_000).transform(list).pipe(VersionFilter.shape.tags.unwrap()).optional(),
  state: z.string().max(200).transform(list).pipe(VersionFilter.shape.state.unwrap().unwrap()).optional(),
  base: z.string().max(500).optional(),
  run: z.string().max(200).optional(),
  metrics: z
    .string()
    .max(2_000)
    .transform((text) => list(text).map(bound))
    .pipe(z.array(MetricBound).max(10))
    .optional(),
  text: z.string().max(200).optional(),
  limit: z.coerce.number().pipe(VersionFilter.shape.limit.unwrap()).optional(),
  after: z.string().max(200).optional(),
});

/** What is no bound stays a text, which the schema refuses. */
function bound(text: string): unknown {
  const [, metric, is, value] = /^\s*([\w.]+)\s*(<=|>=|<|>)\s*(\S+)\s*$/.exec(text) ?? [];
  return metric === undefined ? text : { metric, is, value: Number(value) };
}

/** `{name, version}`, or both in one text: `support@1.2.0`. */
const VersionReference = z.union([VersionKey, z.string().min(1).max(400).transform(parseVersionText)]);

const versionPath = ({ name, version }: { readonly name: string; readonly version: string }): string =>
  `/v1/registry/models/${encodeURIComponent(name)}/${encodeURIComponent(version)}`;
const given = (version: VersionDetails): Given => ({ value: version, revision: version.revision });

export const registryRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/v1/registry/models',
    part,
    ...asCall('registry.register'),
    body: RegisterVersion,
    status: 201,
    answer: VersionDetails,
    handle: async ({ body, call }) => {
      const version = await call('registry.register', body);
      return { ...given(version), headers: { location: versionPath(version) } };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/registry/models',
    part,
    ...asCall('registry.list'),
    query: VersionQuery,
    status: 200,
    answer: calls['registry.list'].output,
    handle: async ({ query, call }) => {
      const page = await call('registry.list', query);
      return { value: page, ...(page.next === null ? {} : { headers: { link: nextLink(query, page.next) } }) };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/registry/models/{name}/{version}',
    part,
    ...asCall('registry.get'),
    params: z.strictObject({ name: VersionKey.shape.name, version: VersionKey.shape.version.unwrap() }),
    status: 200,
    answer: VersionDetails,
    handle: async ({ params, call }) => given(await call('registry.get', params)),
  }),
  route({
    method: 'POST',
    path: '/v1/registry/models/compare',
    part,
    ...asCall('registry.compare'),
    body: z.strictObject({ model1: VersionReference, model2: VersionReference }),
    status: 200,
    answer: Comparison,
    handle: async ({ body, call }) => ({ value: await call('registry.compare', body) }),
  }),
];

/** The same question from there on (RFC 8288). */
function nextLink({ metrics, ...query }: z.output<typeof VersionQuery>, after: string): string {
  const bounds = metrics?.map(({ metric, is, value }) => `${metric}${is}${value}`);
  const fields = Object.entries({ ...query, metrics: bounds, after }).filter(([, value]) => value !== undefined);
  return `</v1/registry/models?${new URLSearchParams(fields.map(([key, value]): [string, string] => [key, String(value)])).toString()}>; rel="next"`;
}

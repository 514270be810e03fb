/** The route table as OpenAPI 3.1, with the contract's events beside the paths. */
import { z } from 'zod';
import { calls, contractVersion, coreEvents } from '../../shared/contracts/calls.ts';
import { eventRoles } from '../../shared/contracts/event-roles.ts';
import { HostStatus } from '../../shared/contracts/host-calls.ts';
import { Comparison, Lineage, Version, VersionDetails } from '../../shared/contracts/registry-calls.ts';
import { VersionRecord } from '../../shared/domain/version-record.ts';
import { Run, RunDetails, RunMetrics } from '../../shared/contracts/run-calls.ts';
import { Plan, RunLogLine, TrainResult } from '../../shared/contracts/run-events.ts';
import { NewToken, Token } from '../../shared/contracts/token-calls.ts';
import { TrainingStart } from '../../shared/contracts/training-start.ts';
import { RunRecord } from '../../shared/domain/run-record.ts';
import { ResolvedTrainingConfig } from '../../shared/domain/training-config.ts';
import { Problem, problemType } from './problem.ts';
import type { Route } from './route.ts';
import { bodySchema, routesByPath, TrainingRun } from './routes.ts';
import packageJson from '../../package.json' with { type: 'json' };

type Json = Readonly<Record<string, unknown>>;

/** Named once, referred to everywhere. Anything else stands where it is used. */
const named = {
  Problem,
  Run,
  RunDetails,
  RunMetrics,
  TrainingRun,
  HostStatus,
  Token,
  NewToken,
  Plan,
  TrainResult,
  RunLogLine,
  RunRecord,
  ResolvedTrainingConfig,
  Version,
  VersionDetails,
  VersionRecord,
  Comparison,
  Lineage,
};
const namedInputs = { TrainingStart };

const uri = (id: string): string => `#/components/schemas/${id}`;

let text: string | null = null;

export const openApi = (): string => (text ??= `${JSON.stringify(describe(), null, 2)}\n`);

function describe(): Json {
  const outputs = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) outputs.add(schema as z.ZodType, { id });
  const components = z.toJSONSchema(outputs, { io: 'output', uri, unrepresentable: 'any' }).schemas;
  const shared = components['__shared']?.['$defs'] ?? {};
  const inputs = Object.entries(namedInputs).map(([id, schema]): [string, Json] => [id, inputSchema(schema)]);
  const paths = [...routesByPath].map(([path, rows]) => [path, Object.fromEntries(rows.map((row) => [row.method.toLowerCase(), operation(row, outputs)]))]);
  return {
    openapi: '3.1.1',
    info: { title: 'Lathe', version: packageJson.version, license: { name: 'MIT', identifier: 'MIT' }, description },
    servers: [{ url: 'http://127.0.0.1:4517' }],
    security: [{ token: [] }],
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'lathe_session_4517', description: 'its name ends with the port of the host' },
      },
      schemas: {
        ...Object.fromEntries(
          Object.entries(components)
            .filter(([id]) => id !== '__shared')
            .map(([id, schema]) => [id, bare({ ...schema, $defs: shared })]),
        ),
        ...Object.fromEntries(inputs),
      },
    },
    'x-contract-version': contractVersion,
    'x-events': Object.fromEntries(
      Object.entries(coreEvents).map(([name, schema]) => [name, { role: eventRoles[name as keyof typeof coreEvents], data: outputSchema(schema, outputs) }]),
    ),
  };
}

const description =
  'Fine-tuning of small language models on one machine. Every request but those of /health carries `Authorization: Bearer TOKEN`. Errors are application/problem+json: go by `code`. A POST may carry an Idempotency-Key: what succeeded is not done twice within a day. Long work answers 202; its progress is in /v1/events.';

function operation(row: Route, outputs: z.core.$ZodRegistry<{ id: string }>): Json {
  const body = row.method === 'POST' ? bodySchema(row) : null;
  const isCall = row.path.startsWith('/v1/calls/');
  return {
    operationId: isCall ? row.path.slice('/v1/calls/'.length) : `${row.method.toLowerCase()}${row.path.replace(/[{}]/g, '').replace(/\W+/g, '_')}`,
    summary: row.does,
    tags: [row.part],
    'x-role': row.role,
    ...(row.role === null ? { security: [] } : { security: [{ token: [] }, { session: [] }] }),
    parameters: [...fields(row.params as z.ZodType | undefined, 'path'), ...fields(row.query as z.ZodType | undefined, 'query'), ...headers(row)],
    ...(body === null ? {} : { requestBody: { required: isCall || row.path.endsWith('/start'), content: { 'application/json': { schema: bodyRef(body) } } } }),
    responses: {
      [row.status]: success(row, outputs),
      default: { description: 'What went wrong', content: { [problemType]: { schema: { $ref: uri('Problem') } } } },
    },
  };
}

const bodyRef = (schema: z.ZodType): Json => {
  const name = Object.entries(namedInputs).find(([, each]) => each === schema)?.[0];
  return name === undefined ? inputSchema(schema) : { $ref: uri(name) };
};

function success({ answer, status }: Route, outputs: z.core.$ZodRegistry<{ id: string }>): Json {
  if (status === 501) return { description: 'Not in this version', content: { [problemType]: { schema: { $ref: uri('Problem') } } } };
  const words = { 200: 'Done', 201: 'Made', 202: 'Taken on', 303: 'Go on at /' }[status] ?? 'Done';
  if (typeof answer === 'string')
    return { description: words, content: { [answer]: { schema: { type: answer === 'application/json' ? 'object' : 'string' } } } };
  return { description: words, content: { 'application/json': { schema: outputSchema(answer, outputs) } } };
}

/** Each field of an object of texts: path and query. */
function fields(schema: z.ZodType | undefined, place: 'path' | 'query'): readonly Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = inputSchema(schema) as { properties?: Record<string, Json>; required?: readonly string[] };
  return Object.entries(properties).map(([name, each]) => ({ name, in: place, required: place === 'path' || required.includes(name), schema: each }));
}

function headers({ method, path, isConditional, secret }: Route): readonly Json[] {
  const header = (name: string, description: string): Json => ({ name, in: 'header', required: false, description, schema: { type: 'string' } });
  return [
    ...(method === 'POST' && secret !== true ? [header('Idempotency-Key', 'asked again with the same key, it is answered and not done')] : []),
    ...(isConditional !== true ? [] : [header('If-Match', 'the revision that was read; another one is refused with 412')]),
    ...(path === '/v1/events' ? [header('Last-Event-ID', 'the last event that was heard')] : []),
  ];
}

const inputSchema = (schema: z.ZodType): Json => bare(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));

/** Refers to what is named, as the registry's own schemas do. */
function outputSchema(schema: z.ZodType, outputs: z.core.$ZodRegistry<{ id: string }>): Json {
  const name = outputs.get(schema)?.id;
  if (name !== undefined) return { $ref: uri(name) };
  const own = z.registry<{ id: string }>();
  for (const [id, each] of Object.entries(named)) own.add(each as z.ZodType, { id });
  own.add(schema, { id: 'it' });
  const { it, __shared: shared } = z.toJSONSchema(own, { io: 'output', uri, unrepresentable: 'any' }).schemas;
  return bare({ ...it, $defs: shared?.['$defs'] ?? it?.['$defs'] ?? {} });
}

/** OpenAPI says once which dialect it speaks, and a schema within it has no definitions of its own: they are put where they are meant. */
const bare = ({ $schema: _, $id: __, $defs = {}, ...schema }: Json): Json => placed(schema, { ...($defs as Readonly<Record<string, Json>>) }) as Json;

function placed(value: unknown, definitions: Readonly<Record<string, Json>>): unknown {
  if (Array.isArray(value)) return value.map((each) => placed(each, definitions));
  if (typeof value !== 'object' || value === null) return value;
  const { $ref } = value as Json;
  const name = typeof $ref === 'string' ? /#\/\$defs\/(\w+)$/.exec($ref)?.[1] : undefined;
  if (name === undefined) return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, placed(each, definitions)]));
  const { [name]: meant, ...others } = definitions;
  // What is not there is itself within itself: any JSON.
  return meant === undefined ? {} : placed(meant, others);
}

/** For the page of the API: what every row of the contract has. */
export const callCount = Object.keys(calls).length;

/** Writes a typed client from an OpenAPI 3.1 document: as much of JSON Schema as ours uses, and an error for what it does not know. */
type Json = Readonly<Record<string, unknown>>;

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean; readonly schema: Json }[];
  readonly requestBody?: { readonly required: boolean; readonly content: Readonly<Record<string, { readonly schema: Json }>> };
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, { readonly schema: Json }>> }>>;
}

export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>> };
}

export function typedClient({ paths, components }: Document): string {
  const named = Object.entries(components.schemas).map(([name, schema]) => `export type ${name} = ${typeOf(schema)};`);
  const operations = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })));
  const rows = operations.map(
    ({ operation }) => `  ${JSON.stringify(operation.operationId)}: { asked: ${askedOf(operation)}; answer: ${answerOf(operation)} };`,
  );
  const places = operations.map(
    ({ path, method, operation }) =>
      `  ${JSON.stringify(operation.operationId)}: { method: ${JSON.stringify(method.toUpperCase())}, path: ${JSON.stringify(path)} },`,
  );
  return [
    ...named,
    `export interface Operations {\n${rows.join('\n')}\n}`,
    `const places: Record<keyof Operations, { method: string; path: string }> = {\n${places.join('\n')}\n};`,
    program,
  ].join('\n');
}

/** What every client has. */
const program = `
export class Refused extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

interface Asked { path?: Record<string, string>; query?: Record<string, string | number | undefined>; body?: unknown; headers?: Record<string, string> }

export const client =
  (base: string, token: string) =>
  async <N extends keyof Operations>(name: N, asked: Operations[N]['asked']): Promise<Operations[N]['answer']> => {
    const { method, path } = places[name];
    const { path: values = {}, query = {}, body, headers = {} } = asked as Asked;
    const url = new URL(path.replace(/\\{(\\w+)\\}/g, (_, key: string) => encodeURIComponent(values[key] ?? '')), base);
    for (const [key, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(key, String(value));
    const sent = { method, headers: { authorization: 'Bearer ' + token, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers } };
    const answer = await fetch(url, body === undefined ? sent : { ...sent, body: JSON.stringify(body) });
    const isJson = (answer.headers.get('content-type') ?? '').includes('json');
    if (!answer.ok) throw new Refused((await answer.json()) as Problem);
    return (isJson ? await answer.json() : await answer.text()) as Operations[N]['answer'];
  };
`;

function askedOf({ parameters, requestBody }: Operation): string {
  const group = (place: string): string => {
    const fields = parameters
      .filter((each) => each.in === place)
      .map(({ name, required, schema }) => `${JSON.stringify(name)}${required ? '' : '?'}: ${typeOf(schema)}`);
    const isNeeded = parameters.some((each) => each.in === place && each.required);
    return fields.length === 0
      ? ''
      : `${{ path: 'path', query: 'query', header: 'headers' }[place] ?? place}${isNeeded ? '' : '?'}: { ${fields.join('; ')} }; `;
  };
  const schema = requestBody?.content['application/json']?.schema;
  const body = schema === undefined ? '' : `body${requestBody?.required === true ? '' : '?'}: ${typeOf(schema)}; `;
  return `{ ${group('path')}${group('query')}${group('header')}${body}}`;
}

function answerOf({ responses }: Operation): string {
  const [status = ''] = Object.keys(responses).filter((each) => each.startsWith('2'));
  const [schema] = Object.values(responses[status]?.content ?? {});
  return schema === undefined ? 'never' : typeOf(schema.schema);
}

/** Words that narrow a type further than TypeScript can say, or say nothing about it. */
const silent = new Set([
  'description',
  'default',
  'contentEncoding',
  'format',
  'pattern',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'minItems',
  'maxItems',
  'propertyNames',
  'title',
]);

function typeOf(schema: Json | boolean): string {
  if (typeof schema === 'boolean') return schema ? 'unknown' : 'never';
  const { $ref, anyOf, oneOf, allOf, enum: values, const: value, type, items, properties, required, additionalProperties, ...rest } = schema;
  const strange = Object.keys(rest).filter((key) => !silent.has(key));
  if (strange.length > 0) throw new Error(`the client does not know ${strange.join(', ')}`);
  if (typeof $ref === 'string') {
    const name = /^#\/components\/schemas\/(\w+)$/.exec($ref)?.[1];
    if (name === undefined) throw new Error(`${$ref} leads nowhere`);
    return name;
  }
  const many = (list: unknown, sign: string): string => `(${(list as Json[]).map(typeOf).join(sign)})`;
  if (anyOf !== undefined || oneOf !== undefined) return many(anyOf ?? oneOf, ' | ');
  if (allOf !== undefined) return many(allOf, ' & ');
  if (Array.isArray(values)) return values.map((each) => JSON.stringify(each)).join(' | ');
  if (value !== undefined) return JSON.stringify(value);
  if (Array.isArray(type)) return type.map((each) => typeOf({ type: each as string })).join(' | ');
  if (type === 'array') return `(${typeOf((items as Json | undefined) ?? {})})[]`;
  if (type === 'object') return objectOf({ properties, required, additionalProperties } as ObjectSchema);
  return { string: 'string', number: 'number', integer: 'number', boolean: 'boolean', null: 'null' }[String(type)] ?? 'unknown';
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, Json>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Json | boolean;
}

function objectOf({ properties = {}, required = [], additionalProperties }: ObjectSchema): string {
  const fields = Object.entries(properties).map(([name, schema]) => `${JSON.stringify(name)}${required.includes(name) ? '' : '?'}: ${typeOf(schema)}`);
  if (fields.length > 0) return `{ ${fields.join('; ')} }`;
  return additionalProperties === false ? 'Record<string, never>' : `Record<string, ${typeOf(additionalProperties ?? true)}>`;
}

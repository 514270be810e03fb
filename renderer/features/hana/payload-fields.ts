/** What is told of a thing, as lines of a name and a text; and where two tellings differ. Pure. */

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type Payload = Readonly<Record<string, unknown>>;

export interface PayloadField {
  /** Such as `evaluation.after.loss`. */
  readonly path: string;
  readonly text: string;
}

export interface DifferingField {
  readonly path: string;
  /** null: it is not told there. */
  readonly mine: string | null;
  readonly theirs: string | null;
}

/** Every value in its place; lists of plain values stay whole, others are taken apart by their places. */
export function payloadFields(payload: Payload): readonly PayloadField[] {
  return Object.entries(payload).flatMap(([key, value]) => fieldsAt(key, value as Json));
}

function fieldsAt(path: string, value: Json): readonly PayloadField[] {
  if (typeof value !== 'object' || value === null || isPlainList(value)) return [{ path, text: textOf(value) }];
  const inner = Object.entries(value).flatMap(([key, each]) => fieldsAt(`${path}.${key}`, each));
  return inner.length === 0 ? [{ path, text: '{}' }] : inner;
}

const isPlainList = (value: object): boolean => Array.isArray(value) && value.every((each) => typeof each !== 'object' || each === null);

const textOf = (value: Json): string => (typeof value === 'string' ? value : value === null ? '—' : JSON.stringify(value));

/** In the order of mine, then what only theirs has. A payload of null has no fields: the thing was taken away. */
export function differingFields(mine: Payload | null, theirs: Payload | null): readonly DifferingField[] {
  const [here, there] = [mine, theirs].map((payload) => new Map((payload === null ? [] : payloadFields(payload)).map(({ path, text }) => [path, text])));
  const paths = new Set([...(here?.keys() ?? []), ...(there?.keys() ?? [])]);
  return [...paths].map((path) => ({ path, mine: here?.get(path) ?? null, theirs: there?.get(path) ?? null })).filter((field) => field.mine !== field.theirs);
}

/** In which settings several configurations differ: dotted paths, and each one's value as text. */

export interface Difference {
  readonly field: string;
  /** null: that one has no such field. */
  readonly values: readonly (string | null)[];
}

export function differences(configurations: readonly object[]): readonly Difference[] {
  const flat = configurations.map((configuration) => new Map(flattened(configuration, '')));
  const fields = [...new Set(flat.flatMap((each) => [...each.keys()]))].sort();
  return fields.map((field) => ({ field, values: flat.map((each) => each.get(field) ?? null) })).filter(({ values }) => new Set(values).size > 1);
}

/** Lists are values: their order and length matter as a whole. */
const flattened = (value: unknown, path: string): [string, string][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, inner]) => flattened(inner, path === '' ? key : `${path}.${key}`))
    : [[path, typeof value === 'string' ? value : JSON.stringify(value)]];

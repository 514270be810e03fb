/** Two changes of one thing made into one, field by field against what both began from. */
export type Fields = Readonly<Record<string, unknown>>;

export interface Merged {
  readonly fields: Fields;
  /** Where both changed the same field to something else: there it holds theirs. */
  readonly clashes: readonly string[];
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** `same` says whether two values are equal. Lists and single values are whole; objects are gone through. */
export function mergeFields(base: Fields, mine: Fields, theirs: Fields, same: (one: unknown, two: unknown) => boolean): Merged {
  const fields: [string, unknown][] = [];
  const clashes: string[] = [];
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const [was, here, there] = [own(base, key), own(mine, key), own(theirs, key)];
    const keep = (value: unknown): void => {
      if (value !== undefined) fields.push([key, value]);
    };
    if (same(here, there) || same(was, here)) keep(there);
    else if (same(was, there)) keep(here);
    else if (isFields(here) && isFields(there)) {
      const inner = mergeFields(isFields(was) ? was : {}, here, there, same);
      keep(inner.fields);
      clashes.push(...inner.clashes.map((each) => `${key}.${each}`));
    } else {
      keep(there);
      clashes.push(key);
    }
  }
  return { fields: Object.fromEntries(fields), clashes };
}

const own = (fields: Fields, key: string): unknown => (Object.hasOwn(fields, key) ? fields[key] : undefined);

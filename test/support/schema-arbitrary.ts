/** Values that a schema should take, made from the schema itself: bounds, patterns and what may be left out included. */
import fc, { type Arbitrary } from 'fast-check';
import type { z } from 'zod';

/** What zod keeps of a schema, as far as it is read here. */
interface Definition {
  readonly type: string;
  readonly [part: string]: unknown;
}
type Schema = z.core.$ZodType;
const partsOf = (schema: Schema): Definition => schema._zod.def as unknown as Definition;

/** Below it lists are as short as may be. */
const deepest = 4;
const mostMisses = 2_000;

export function inputsOf(schema: Schema, depth = 0): Arbitrary<unknown> {
  const definition = partsOf(schema);
  const make = makers[definition.type];
  if (make === undefined) throw new Error(`there is no maker for a schema of type ${definition.type}`);
  return make(definition, schema, depth);
}

type Maker = (definition: Definition, schema: Schema, depth: number) => Arbitrary<unknown>;
const inner = (definition: Definition, part = 'innerType'): Schema => definition[part] as Schema;

/** For a filter. Aims that never hit are told of, where a filter alone would go on for ever. */
function takes(schema: Schema): (value: unknown) => boolean {
  let missed = 0;
  return (value) => {
    const { success, error } = (schema as z.ZodType).safeParse(value);
    missed = success ? 0 : missed + 1;
    if (missed > mostMisses) throw new Error(`nothing made for this ${partsOf(schema).type} is taken: ${JSON.stringify(value)}: ${error?.message ?? ''}`);
    return success;
  };
}

interface Bounds {
  minimum?: number;
  maximum?: number;
  pattern?: RegExp;
}

/** Bounds of a number or a length, and what a text looks like, as the schema's checks say them. */
function boundsOf(schema: Schema): Bounds {
  const bounds: Bounds = {};
  for (const { _zod } of (partsOf(schema)['checks'] ?? []) as readonly z.core.$ZodCheck[]) {
    const check = _zod.def as unknown as { readonly check: string; readonly [part: string]: unknown };
    const number = (check['value'] ?? check['minimum'] ?? check['maximum'] ?? check['length']) as number;
    if (['greater_than', 'min_length', 'length_equals'].includes(check.check)) bounds.minimum = Math.max(number, bounds.minimum ?? number);
    if (['less_than', 'max_length', 'length_equals'].includes(check.check)) bounds.maximum = Math.min(number, bounds.maximum ?? number);
    if (check.check === 'string_format' && check['pattern'] instanceof RegExp) bounds.pattern = check['pattern'];
  }
  return bounds;
}

const makers: Readonly<Record<string, Maker>> = {
  string: (definition, schema) => strings(definition, schema).filter(takes(schema)),
  number: (definition, schema) => numbers(schema, definition['format'] === 'safeint'),
  boolean: () => fc.boolean(),
  null: () => fc.constant(null),
  unknown: () => fc.jsonValue({ maxDepth: 2 }),
  custom: (_, schema) => fc.jsonValue({ maxDepth: 2 }).filter(takes(schema)),
  never: () => fc.constant(undefined),
  enum: ({ entries }) => fc.constantFrom(...Object.values(entries as Readonly<Record<string, string>>)),
  literal: ({ values }) => fc.constantFrom(...(values as readonly unknown[])),
  nullable: (definition, _, depth) => fc.option(inputsOf(inner(definition), depth), { nil: null }),
  optional: (definition, _, depth) => inputsOf(inner(definition), depth),
  default: (definition, _, depth) => inputsOf(inner(definition), depth),
  pipe: (definition, schema, depth) =>
    inputsOf(inner(definition, partsOf(inner(definition, 'in')).type === 'transform' ? 'out' : 'in'), depth).filter(takes(schema)),
  // The one that refers to itself is that of any JSON.
  lazy: (_, schema) => fc.jsonValue({ maxDepth: 2 }).filter(takes(schema)),
  union: ({ options }, _, depth) => fc.oneof(...(options as readonly Schema[]).map((option) => inputsOf(option, depth))),
  intersection: ({ left, right }, _, depth) =>
    fc.tuple(inputsOf(left as Schema, depth), inputsOf(right as Schema, depth)).map(([one, other]) => ({ ...(one as object), ...(other as object) })),
  array: (definition, schema, depth) => {
    const { minimum = 0, maximum = 3 } = boundsOf(schema);
    return fc.array(inputsOf(inner(definition, 'element'), depth + 1), {
      minLength: minimum,
      maxLength: depth > deepest ? minimum : Math.min(maximum, minimum + 3),
    });
  },
  record: (definition, schema, depth) => {
    const { values } = inner(definition, 'keyType')._zod;
    if (values !== undefined) {
      const each = [...values].map((key) => [key, inputsOf(inner(definition, 'valueType'), depth + 1)]);
      return fc.record(Object.fromEntries(each) as Record<string, Arbitrary<unknown>>, { noNullPrototype: true });
    }
    return fc
      .dictionary(inputsOf(inner(definition, 'keyType'), depth) as Arbitrary<string>, inputsOf(inner(definition, 'valueType'), depth + 1), {
        maxKeys: depth > deepest ? 0 : 3,
        noNullPrototype: true,
      })
      .filter(takes(schema));
  },
  object: ({ shape }, schema, depth) => {
    const fields = Object.entries(shape as Readonly<Record<string, Schema>>);
    const requiredKeys = fields.flatMap(([key, field]) => (mayBeMissing(field) ? [] : [key]));
    const model = Object.fromEntries(fields.map(([key, field]) => [key, inputsOf(field, depth + 1)]));
    return fc.record(model, { requiredKeys, noNullPrototype: true }).filter(takes(schema));
  },
};

const mayBeMissing = (schema: Schema): boolean => schema._zod.optin === 'optional';

const formats: Readonly<Record<string, () => Arbitrary<string>>> = {
  datetime: () => fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }).map((date) => date.toISOString()),
  base64: () => fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  uuid: () => fc.uuid({ version: 4 }),
  url: () => fc.webUrl(),
};

/** The texts whose pattern looks ahead, which cannot be made from it, are paths. */
const looksAhead = ({ source }: RegExp): boolean => /\(\?[=!]/.test(source);
const aPath = /^[\w. -]{1,9}(\/[\w. -]{1,9}){0,3}$/;

function strings({ format }: Definition, schema: Schema): Arbitrary<string> {
  const made = typeof format === 'string' ? formats[format] : undefined;
  if (made !== undefined) return made();
  const { minimum = 0, maximum = minimum + 20, pattern } = boundsOf(schema);
  if (pattern !== undefined) return fc.stringMatching(looksAhead(pattern) ? aPath : pattern);
  // A grapheme may be many characters long, so that one of just as many is seldom made of them.
  return fc.string({ minLength: minimum, maxLength: Math.min(maximum, minimum + 20), unit: minimum === maximum ? 'grapheme-ascii' : 'grapheme' });
}

function numbers(schema: Schema, isWhole: boolean): Arbitrary<number> {
  const { minimum, maximum } = boundsOf(schema);
  if (isWhole) return fc.integer({ min: minimum ?? -1_000_000, max: Math.min(maximum ?? 2 ** 31, 2 ** 31) }).filter(takes(schema));
  const made = fc.double({ min: minimum ?? -1e12, max: maximum ?? 1e12, noNaN: true });
  // JSON has one nought.
  return made.map((value) => value + 0).filter(takes(schema));
}

/** Reads the keys of a schema, for hints and help. Knows the wrappers that the schemas of shared/domain use. */
import { z } from 'zod';

/** The schema inside `optional`, `nullable` and `preprocess`. */
function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return unwrap(schema.unwrap());
  if (schema instanceof z.ZodPipe) return unwrap(schema.out);
  return schema;
}

/** Keys of the object at `path`, or none where there is no object. */
export function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  const inner = unwrap(schema);
  if (!(inner instanceof z.ZodObject)) return [];
  const [head, ...rest] = path;
  if (head === undefined) return Object.keys(inner.shape);
  const next = (inner.shape as Readonly<Record<string, z.core.$ZodType>>)[String(head)];
  return next === undefined ? [] : keysAt(next, rest);
}

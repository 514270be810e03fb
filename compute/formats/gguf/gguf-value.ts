/** What a GGUF metadata key may hold: scalars are kept, arrays are only located and read when somebody asks. */

/** Names of the scalar types by their number in the file; 9 is the array. */
export const scalarTypes = {
  0: { name: 'uint8', bytes: 1 },
  1: { name: 'int8', bytes: 1 },
  2: { name: 'uint16', bytes: 2 },
  3: { name: 'int16', bytes: 2 },
  4: { name: 'uint32', bytes: 4 },
  5: { name: 'int32', bytes: 4 },
  6: { name: 'float32', bytes: 4 },
  7: { name: 'bool', bytes: 1 },
  8: { name: 'string', bytes: 8 }, // at least: its length
  10: { name: 'uint64', bytes: 8 },
  11: { name: 'int64', bytes: 8 },
  12: { name: 'float64', bytes: 8 },
} as const;

export const arrayTypeId = 9;

export type GgufScalarType = (typeof scalarTypes)[keyof typeof scalarTypes]['name'];
/** Whole numbers beyond 2^53 come as bigint, all others as number. */
export type GgufScalar = number | bigint | boolean | string;

export interface GgufScalarEntry {
  readonly type: GgufScalarType;
  readonly value: GgufScalar;
}

export interface GgufArrayEntry {
  readonly type: 'array';
  readonly itemType: GgufScalarType;
  readonly count: number;
  /** Where the first item starts in the file. */
  readonly offset: number;
}

/** One metadata entry; `start` and `end` enclose the value with its type number, for byte-exact copies. */
export type GgufEntry = (GgufScalarEntry | GgufArrayEntry) & { readonly start: number; readonly end: number };

const byName = new Map<GgufScalarType, { id: number; bytes: number }>(
  Object.entries(scalarTypes).map(([id, { name, bytes }]) => [name, { id: Number(id), bytes }]),
);

export const scalarTypeById = (id: number): { name: GgufScalarType; bytes: number } | undefined =>
  (scalarTypes as Record<number, { name: GgufScalarType; bytes: number }>)[id];

export function scalarTypeId(name: GgufScalarType): number {
  return byName.get(name)?.id ?? -1;
}

export function scalarBytes(name: GgufScalarType): number {
  return byName.get(name)?.bytes ?? 0;
}

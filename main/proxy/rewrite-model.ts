/** The same request for another model. */

/** Of the standard, newer than the types. */
interface SourceJson {
  parse(text: string, reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown): unknown;
  rawJSON(text: string): unknown;
}
const json = JSON as unknown as SourceJson;

type Body = Readonly<Record<string, unknown>>;

/** null: no JSON object. */
export function readBody(text: string): Body | null {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : null;
  } catch {
    return null;
  }
}

/** Numbers stay as they were written: a seed may be larger than JavaScript counts. */
export function rewriteModel(text: string, model: string): string {
  const body = json.parse(text, (_, value, { source }) => (typeof value === 'number' && source !== undefined ? json.rawJSON(source) : value)) as Body;
  return JSON.stringify({ ...body, model });
}

/** What a stranger may send instead of a name: paths, SQL, HTML, terminal escapes, names of prototypes. */
export const hostileTexts: readonly string[] = [
  '../../../../etc/passwd',
  '..\\..\\windows\\system.ini',
  '/etc/passwd',
  '..',
  '.',
  'token',
  "x'; DROP TABLE runs; --",
  '" OR 1=1 --',
  '<script>alert(1)</script>',
  '\u001b[2J\u001b]0;owned\u0007',
  '\u009b31m',
  'a\u0000b',
  '\u202egnp.exe',
  '__proto__',
  'constructor',
  '%2e%2e%2f%2e%2e%2fetc',
  '{{7*7}}${7*7}',
  'a'.repeat(5_000),
];

/** Bodies that are no JSON object as any route takes it. */
export const hostileBodies: readonly string[] = [
  '',
  '{',
  'null',
  '[]',
  '"text"',
  '1e999',
  '{"__proto__":{"role":"admin"}}',
  '{"constructor":{"prototype":{"role":"admin"}}}',
  '['.repeat(100_000),
  `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
  '{"nobody_knows_this":1}',
];

/** Whether a terminal would obey something in it. */
export const holdsEscapes = (text: string): boolean => /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/.test(text);

/** Copies of `value`, each with one text in it exchanged. */
export function withEachText(value: unknown, instead: string): unknown[] {
  if (typeof value === 'string') return [instead];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) {
    const items = value as readonly unknown[];
    return items.flatMap((each, index) => withEachText(each, instead).map((other) => items.with(index, other)));
  }
  return Object.entries(value).flatMap(([key, each]) => withEachText(each, instead).map((other) => ({ ...value, [key]: other })));
}

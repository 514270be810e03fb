/** The text of a configuration out of the page in which LocalAI lets it be edited: the only place where a server without its web application shows it. */

const literal = /const initialValue = `((?:[^`\\]|\\.)*)`/s;
const named: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

export function textInEditPage(page: string): string | null {
  const found = literal.exec(page)?.[1];
  return (
    found?.replace(/\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))/gs, (_, u?: string, x?: string, one?: string) => {
      const code = u ?? x;
      return code === undefined ? (named[one ?? ''] ?? one ?? '') : String.fromCharCode(Number.parseInt(code, 16));
    }) ?? null
  );
}

/** Parts the YAML head of a model card from its text. */

export interface SplitCard {
  /** Without its fences; null where there is none. */
  readonly head: string | null;
  readonly body: string;
}

export function splitCard(markdown: string): SplitCard {
  const [, head, body] = /^---\r?\n([\s\S]*?)\r?\n---\r?\n([\s\S]*)$/.exec(markdown) ?? [];
  return head === undefined || body === undefined ? { head: null, body: markdown } : { head, body: body.trimStart() };
}

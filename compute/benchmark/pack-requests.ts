/** Lays requests out as one pass: what an item's requests begin with alike stands there once, their tails behind it. */
import type { PackedRows } from '../data/types.ts';
import { notGraded } from '../data/types.ts';
import type { SharedKeys } from '../inference/shared-prefix.ts';
import type { ScoreRequest } from './requests.ts';

/** The requests of one item. */
export type RequestGroup = readonly ScoreRequest[];

export interface PackedRequests extends PackedRows {
  /** null: nothing is shared, each segment sees itself. */
  readonly sharedKeys: SharedKeys | null;
}

/** Tokens that the model reads of a request: the last one is only asked for. */
const readTokens = ({ tokens }: ScoreRequest): number => tokens.length - 1;

/** How many tokens all requests of an item begin with alike. One before the first that is asked for stays in the tail: its logits differ in what they are for. */
export function sharedLength(group: RequestGroup): number {
  const [first, ...others] = group;
  if (first === undefined || others.length === 0) return 0;
  const most = Math.min(...group.map(({ graded }) => graded - 1));
  let length = 0;
  while (length < most && others.every(({ tokens }) => tokens[length] === first.tokens[length])) length += 1;
  return length;
}

/** Tokens of a group's pass. */
export function groupTokens(group: RequestGroup, { sharing }: { readonly sharing: boolean }): number {
  const shared = sharing ? sharedLength(group) : 0;
  return group.reduce((sum, request) => sum + readTokens(request) - shared, shared);
}

export function packRequests(groups: readonly RequestGroup[], { sharing }: { readonly sharing: boolean }): PackedRequests {
  const rows = new RowList();
  for (const group of groups) {
    const shared = sharing ? sharedLength(group) : 0;
    const prefix = rows.length;
    if (shared > 0) rows.add({ request: group[0] as ScoreRequest, from: 0, to: shared, prefix });
    for (const request of group) rows.add({ request, from: shared, to: readTokens(request), prefix });
  }
  return rows.packed(sharing);
}

interface Segment {
  readonly request: ScoreRequest;
  /** Which of its tokens stand here. */
  readonly from: number;
  readonly to: number;
  /** Row at which the tokens before them stand. */
  readonly prefix: number;
}

/** Grows by segments. */
class RowList {
  readonly #tokens: number[] = [];
  readonly #labels: number[] = [];
  readonly #positions: number[] = [];
  readonly #segments: number[] = [0];
  readonly #keyRows: number[] = [];
  readonly #keyOffsets: number[] = [0];
  #graded = 0;

  get length(): number {
    return this.#tokens.length;
  }

  add({ request: { tokens, graded }, from, to, prefix }: Segment): void {
    for (let before = 0; before < from; before += 1) this.#keyRows.push(prefix + before);
    for (let t = from; t < to; t += 1) {
      const isAsked = t + 1 >= graded;
      this.#keyRows.push(this.length);
      this.#tokens.push(tokens[t] ?? 0);
      this.#positions.push(t);
      this.#labels.push(isAsked ? (tokens[t + 1] ?? 0) : notGraded);
      if (isAsked) this.#graded += 1;
    }
    this.#segments.push(this.length);
    this.#keyOffsets.push(this.#keyRows.length);
  }

  packed(sharing: boolean): PackedRequests {
    return {
      tokens: Int32Array.from(this.#tokens),
      labels: Int32Array.from(this.#labels),
      positions: Int32Array.from(this.#positions),
      segments: Int32Array.from(this.#segments),
      gradedTokens: this.#graded,
      sharedKeys: sharing ? { rows: Int32Array.from(this.#keyRows), offsets: Int32Array.from(this.#keyOffsets) } : null,
    };
  }
}

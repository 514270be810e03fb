/** The log-probability of what each request asks for, many requests in one pass. */
import type { LoadedModel } from '../inference/load-for-inference.ts';
import { scoreRows } from '../inference/score.ts';
import type { Products } from '../tensor/panels.ts';
import { groupTokens, packRequests, type RequestGroup } from './pack-requests.ts';

export interface RequestScore {
  /** Natural logarithm, summed over the tokens asked for. */
  readonly logProb: number;
  /** Whether each of them was the most probable one. */
  readonly isGreedy: boolean;
}

interface BatchOptions {
  readonly sharing: boolean;
  /** Most tokens of a pass; a larger group gets one of its own. */
  readonly tokens: number;
  /** A group that reaches further gets a pass of its own: long rope turns all rows of a pass by the longest of them. */
  readonly reach?: number;
}

/** Runs of groups that fit a pass together, in order: decided by the items alone, so that a resumed job has the same ones. */
export function batchesOf(groups: readonly RequestGroup[], { sharing, tokens: most, reach = Infinity }: BatchOptions): RequestGroup[][] {
  const batches: RequestGroup[][] = [];
  let room = 0;
  for (const group of groups) {
    const isLong = group.some(({ tokens }) => tokens.length - 1 > reach);
    const tokens = isLong ? most : groupTokens(group, { sharing });
    if (batches.length === 0 || tokens > room) {
      batches.push([]);
      room = most;
    }
    batches.at(-1)?.push(group);
    room -= tokens;
  }
  return batches;
}

/** How far rows of a model may reach without turning others. */
export function freeReach(config: Readonly<Record<string, unknown>>): number {
  const rope = config['rope_parameters'];
  if (typeof rope !== 'object' || rope === null || !('rope_type' in rope) || rope.rope_type !== 'longrope') return Infinity;
  return 'original_max_position_embeddings' in rope ? Number(rope.original_max_position_embeddings) : 0;
}

/** Scores of each group's requests. */
export function scoreGroups(
  { model, dtype }: Pick<LoadedModel, 'model' | 'dtype'>,
  groups: readonly RequestGroup[],
  { sharing, products = 'float' }: { readonly sharing: boolean; readonly products?: Products },
): RequestScore[][] {
  const packed = packRequests(groups, { sharing });
  const { losses, best } = scoreRows(model, packed, { dtype, products });
  const asked = packed.labels.filter((label) => label >= 0);
  let at = 0;
  return groups.map((group) =>
    group.map(({ tokens, graded }) => {
      let [logProb, isGreedy] = [0, true];
      for (const end = at + tokens.length - graded; at < end; at += 1) {
        logProb -= losses[at] ?? NaN;
        isGreedy &&= best[at] === asked[at];
      }
      return { logProb, isGreedy };
    }),
  );
}

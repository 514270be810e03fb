/** Whether it is this adapter that answers: not the plain base, and as the engine here answers with it. */
import type { ChatOutcome, TargetDriver } from '../target-driver.ts';
import type { Check } from './checks.ts';
import type { LocalChat, Scores } from './local-answers.ts';
import { scoreProbes } from './probes.ts';

export interface AdapterEvidence {
  /** null where the server gives none. */
  readonly scores: { readonly base: Scores; readonly adapted: Scores } | null;
  readonly texts: {
    readonly remote: readonly string[];
    readonly remoteBase: readonly string[];
    /** null where the engine here cannot say. */
    readonly local: { readonly base: readonly string[]; readonly adapted: readonly string[] } | null;
  };
}

/** Of both sides on a server; null where it cannot. */
export async function scoreBoth(driver: TargetDriver, models: { readonly base: string; readonly adapted: string }, signal: AbortSignal) {
  const scoreAll = async (model: string): Promise<Scores | null> => {
    const all: (readonly number[])[] = [];
    for (const { prompt, candidates } of scoreProbes) {
      const scores = await driver.score({ model, prompt, candidates }, { signal });
      if (scores === null) return null;
      all.push(scores);
    }
    return all;
  };
  const base = await scoreAll(models.base);
  const adapted = base === null ? null : await scoreAll(models.adapted);
  return base === null || adapted === null ? null : { base, adapted };
}

/** Mean absolute difference; NaN where the lists do not match. */
export function meanMove(a: Scores, b: Scores): number {
  const differences = a.flatMap((list, i) => list.map((value, j) => Math.abs(value - (b[i]?.[j] ?? NaN))));
  return differences.reduce((sum, each) => sum + each, 0) / differences.length;
}

/** Share of the longer text that both have in common from their beginning. */
export function likeness(a: string, b: string): number {
  const [one, other] = [a.trim(), b.trim()];
  const length = Math.max(one.length, other.length);
  if (length === 0) return 1;
  let same = 0;
  while (same < length && one[same] === other[same]) same += 1;
  return same / length;
}

/** Pure: the same evidence gives the same word. */
export function judgeAdapter({ scores, texts }: AdapterEvidence): Check {
  const moved = scores === null ? null : meanMove(scores.base, scores.adapted);
  const evidence = { score_move: moved !== null && Number.isFinite(moved) ? moved : null };
  const say = (verdict: Check['verdict'], words: string, more: Check['evidence'] = {}): Check => ({
    name: 'adapter',
    verdict,
    words,
    evidence: { ...evidence, ...more },
  });
  if (moved === 0) return say('fail', "its scores are the base model's to the last digit: the adapter is not applied");
  if (moved !== null && !Number.isFinite(moved)) return say('fail', 'its scores are no finite numbers');
  const { remote, remoteBase, local } = texts;
  const isOther = remote.some((text, i) => text !== remoteBase[i]);
  if (local === null) {
    if (moved !== null || isOther) return say('pass', 'its answers are not those of the base model; no engine here could be asked for the same');
    return say('inconclusive', 'it answers as the base model does, and no engine here could be asked whether it should');
  }
  // Only where the adapter changes the engine's own answer can an answer tell the two apart.
  const telling = local.base.flatMap((text, i) => (text === local.adapted[i] ? [] : [i]));
  const near = (of: readonly string[]): number => telling.reduce((sum, i) => sum + likeness(remote[i] ?? '', of[i] ?? ''), 0) / telling.length;
  if (telling.length === 0) {
    if (moved !== null || isOther) return say('pass', 'the adapter is applied; it changes none of the answers that were asked for, here or there');
    return say('inconclusive', 'the adapter changes none of the answers that were asked for, so that nothing proves it is applied');
  }
  const [asAdapted, asBase] = [near(local.adapted), near(local.base)];
  const figures = { like_adapted: asAdapted, like_base: asBase, telling: telling.length };
  if (asAdapted > asBase) return say('pass', 'it answers as the engine here does with this adapter', figures);
  if (asAdapted < asBase) return say('fail', 'it answers as the engine here does without the adapter', figures);
  return isOther || moved !== null
    ? say('inconclusive', 'it answers neither as the base model nor as the engine here does with this adapter', figures)
    : say('fail', 'it answers as its base model does, and the engine here does not with this adapter', figures);
}

/** Marks that a template puts between turns, and no answer may hold. */
const marks = /<\|[\w-]+\|>|<(?:start|end)_of_turn>|<\/?s>|\[\/?INST\]/;

/** Tokens by which the two may differ: a mark for the beginning that one of them does not count. */
const templateSlack = 2;

/** Pure. Whether the server puts prompts into the template as the engine here does, and ends where that ends. */
export function judgeTemplate(remote: readonly ChatOutcome[], local: readonly LocalChat[] | null): Check {
  const marked = remote.find(({ text }) => marks.test(text));
  const counts = remote.map(({ promptTokens }, i) => ({ here: local?.[i]?.promptTokens ?? null, there: promptTokens }));
  const say = (verdict: Check['verdict'], words: string): Check => ({ name: 'template', verdict, words, evidence: { prompt_tokens: counts } });
  if (marked !== undefined) return say('fail', `its answer holds ${marks.exec(marked.text)?.[0] ?? 'a mark'}, which ends a turn`);
  const other = counts.find(({ here, there }) => here !== null && there !== null && Math.abs(here - there) > templateSlack);
  if (other !== undefined) return say('fail', `a prompt makes ${other.there ?? 0} tokens there and ${other.here ?? 0} here: its chat template is another`);
  const endless =
    local?.some(({ finish }, i) => finish === 'stop' && remote[i]?.finish === 'length') === true && remote.every(({ finish }) => finish === 'length');
  if (endless) return say('fail', 'it never ends an answer by itself, and the engine here does: its stop tokens are others');
  return say('pass', local === null ? 'no mark of the template is in its answers' : 'prompts make as many tokens as here, and answers end');
}

/** The gate: rules that a version must meet before it is approved, judged by the scores that there are. */
import type { OutputOf, ParsedInputOf } from '../../../shared/contracts/calls.ts';
import type { Actor } from '../../../shared/domain/actor.ts';
import type { PairedComparison } from '../../../shared/domain/benchmark-comparison.ts';
import type { GateRules } from '../../../shared/domain/gates-config.ts';
import type { GateRuleVerdict, GateVerdict } from '../../../shared/domain/gate-verdict.ts';
import { versionText } from '../../../shared/domain/version.ts';
import { AppError, isAppError } from '../../../shared/errors/app-error.ts';
import type { Store } from '../../store/store.ts';
import type { StoredVersion } from '../../store/version-rows.ts';
import type { Ledger } from '../ledger.ts';
import { scoreCommand } from './score-command.ts';
import { compareValues, differencesOf } from './compare-values.ts';
import { scoreMetric, sideOf, type DoneScore } from './comparisons.ts';
import { judgeAccuracy, judgeDifference, untold, type Rule } from './gate-rules.ts';

/** Where scores are found, the newest first. */
export interface GateScores {
  ofVersion(name: string, version: string): readonly DoneScore[];
  /** Of a model as it is, without an adapter. */
  ofModel(task: string, sha256: string): readonly DoneScore[];
}

export interface GatesParts {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly scores: GateScores;
}

/** The chance of being wrong that is taken where nobody says another. */
const usualSignificance = 0.05;

export class Gates {
  readonly #parts: GatesParts;

  constructor(parts: GatesParts) {
    this.#parts = parts;
  }

  get({ name }: ParsedInputOf<'gates.get'>): OutputOf<'gates.get'> {
    const { gates } = this.#parts.store;
    const own = gates.get(name);
    return { gates: own ?? gates.get(null) ?? {}, own: own !== null };
  }

  /** Throws INPUT_INVALID. */
  set({ name, gates: rules }: ParsedInputOf<'gates.set'>, actor: Actor): OutputOf<'gates.set'> {
    const { store, ledger } = this.#parts;
    if (rules !== null) requireBenchmark(rules, 'gates.set.gates.benchmark');
    return ledger.record(() => {
      const before = store.gates.get(name);
      store.gates.set(name, rules);
      const audit = { actor, action: 'gates.set', subject: `gate of ${name ?? 'every name'}`, before: { gates: before }, after: { gates: rules } };
      return { result: this.get({ name }), fact: { audit, outbox: [], events: [] } };
    });
  }

  /** `given`: other rules than those that are set. Throws INPUT_INVALID, BENCHMARK_RECORDS_INVALID and what files throw. */
  async evaluate(version: StoredVersion, given: GateRules | null = null): Promise<GateVerdict> {
    const rules = given ?? this.get({ name: version.name }).gates;
    requireBenchmark(rules, 'gates.evaluate.gates.benchmark');
    const significance = rules.significance ?? usualSignificance;
    const judged = await new Judgement(this.#parts, version, significance).judge(rules);
    const answers = judged.map(({ verdict }) => verdict);
    const verdict = judged.length === 0 ? null : answers.includes('fail') ? 'fail' : answers.includes('inconclusive') ? 'inconclusive' : 'pass';
    return { name: version.name, version: version.version, verdict, significance, rules: judged };
  }
}

function requireBenchmark({ min_accuracy, min_gain, benchmark }: GateRules, where: string): void {
  const rule = min_accuracy === undefined ? (min_gain === undefined ? null : 'min_gain') : 'min_accuracy';
  if (rule !== null && benchmark === undefined) throw new AppError('INPUT_INVALID', { where, problem: `${rule} needs a benchmark to measure by` });
}

/** A version's newest score on a task, and the newest of its base that was made in the same way. */
interface Scored {
  readonly version: DoneScore;
  readonly base: DoneScore | null;
}

class Judgement {
  readonly #parts: GatesParts;
  readonly #version: StoredVersion;
  readonly #significance: number;
  readonly #scores: readonly DoneScore[];
  readonly #compared = new Map<string, Promise<PairedComparison>>();

  constructor(parts: GatesParts, version: StoredVersion, significance: number) {
    this.#parts = parts;
    this.#version = version;
    this.#significance = significance;
    this.#scores = parts.scores.ofVersion(version.name, version.version);
  }

  async judge({ min_accuracy, min_gain, max_regression, benchmark }: GateRules): Promise<GateRuleVerdict[]> {
    const judged: GateRuleVerdict[] = [];
    if (benchmark !== undefined && min_accuracy !== undefined) judged.push(this.#accuracy({ rule: 'min_accuracy', benchmark, bound: min_accuracy }));
    if (benchmark !== undefined && min_gain !== undefined) judged.push(await this.#difference({ rule: 'min_gain', benchmark, bound: min_gain }));
    if (max_regression === undefined) return judged;
    const rule = { rule: 'max_regression', bound: max_regression } as const;
    const tasks = this.#tasksToHold(benchmark);
    for (const task of tasks) judged.push(await this.#difference({ ...rule, benchmark: task }));
    if (tasks.length > 0) return judged;
    const command = scoreCommand([this.#baseName, this.#name], 'TASK', null);
    return [...judged, untold({ ...rule, benchmark: 'any' }, `${this.#name} and its base have no scores on the same benchmark; run: ${command}`)];
  }

  /** The gate's own, then every other that both have. */
  #tasksToHold(benchmark: string | undefined): readonly string[] {
    const scored = [...new Set(this.#scores.map(({ task }) => task))].toSorted();
    const others = scored.filter((task) => task !== benchmark && this.#newest(task)?.base !== null);
    return benchmark === undefined ? others : [benchmark, ...others];
  }

  #accuracy(rule: Rule): GateRuleVerdict {
    const newest = this.#newest(rule.benchmark);
    if (newest === null) return untold(rule, this.#unscored(rule.benchmark, [this.#name]));
    return judgeAccuracy(rule, newest.version, this.#significance);
  }

  async #difference(rule: Rule): Promise<GateRuleVerdict> {
    const newest = this.#newest(rule.benchmark);
    if (newest === null) return untold(rule, this.#unscored(rule.benchmark, [this.#baseName, this.#name]));
    const { version, base } = newest;
    if (base === null) {
      const command = scoreCommand([this.#baseName], rule.benchmark, version.result);
      return untold(rule, `its base was not scored on ${rule.benchmark} in the same way; run: ${command}`, [version.score]);
    }
    try {
      return judgeDifference(rule, await this.#compare(base, version));
    } catch (error) {
      // Too few texts, for example: nothing that an approval could do about the rest of the rules.
      if (isAppError(error, 'SCORES_NOT_COMPARABLE')) return untold(rule, error.message, [base.score, version.score]);
      throw error;
    }
  }

  /** Once, however many rules ask. */
  #compare(base: DoneScore, version: DoneScore): Promise<PairedComparison> {
    const key = `${base.score} ${version.score}`;
    const known = this.#compared.get(key);
    if (known !== undefined) return known;
    const rules = { metric: scoreMetric(version.result), confidence: 1 - 2 * this.#significance };
    const comparison = Promise.all([sideOf(base), sideOf(version)]).then(([one, two]) => compareValues(one, two, rules));
    this.#compared.set(key, comparison);
    return comparison;
  }

  /** null: the version has no score on the task. */
  #newest(task: string): Scored | null {
    const scores = this.#scores.filter((score) => score.task === task);
    for (const version of scores) {
      const base = this.#bases(version).find((score) => differencesOf(score.result, version.result).length === 0);
      if (base !== undefined) return { version, base };
    }
    return scores[0] === undefined ? null : { version: scores[0], base: null };
  }

  /** An adapter's base has the bytes that it was scored on; a whole model's those that it was begun from. */
  #bases({ task, result }: DoneScore): readonly DoneScore[] {
    const { kind, base_model: base } = this.#version.record;
    const sha256 = kind === 'model' ? base.sha256 : result.model_sha256;
    return sha256 === null ? [] : this.#parts.scores.ofModel(task, sha256);
  }

  #unscored(benchmark: string, subjects: readonly string[]): string {
    return `${this.#name} was not scored on ${benchmark}; run: ${scoreCommand(subjects, benchmark, null)}`;
  }

  get #name(): string {
    return versionText(this.#version);
  }

  get #baseName(): string {
    const { sha256, path, name } = this.#version.record.base_model;
    const known = sha256 === null ? null : this.#parts.store.shelf.nameOf('model', sha256);
    return known ?? path ?? name;
  }
}

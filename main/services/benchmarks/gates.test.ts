/** The gate over a real store and real records: what passes, fails, and cannot be told; and what an approval keeps of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { madeScore } from '../../../test/support/made-scores.ts';
import { madeRun, testCaller, testRegistry, type TestRegistry } from '../../../test/support/registry.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { RegisterVersion } from '../../../shared/contracts/registry-calls.ts';
import type { GateRules } from '../../../shared/domain/gates-config.ts';
import type { GateVerdict } from '../../../shared/domain/gate-verdict.ts';
import { readVersionFile } from '../registry/version-folder.ts';

const folder = temporaryFolder();
let count = 0;

interface Scene extends TestRegistry {
  readonly judge: (rules: GateRules) => Promise<GateVerdict>;
}

/** A candidate support@1.0.0. */
async function scene(): Promise<Scene> {
  const parts = testRegistry(join(folder, String((count += 1))));
  const { run } = madeRun(parts);
  await parts.registry.register(RegisterVersion.parse({ name: 'support', run }), testCaller);
  await parts.registry.setState({ name: 'support', version: '1.0.0', state: 'candidate', reason: null, against_gate: false }, testCaller);
  return { ...parts, judge: (rules) => parts.gates.evaluate(parts.registry.find({ name: 'support', version: '1.0.0' }), rules) };
}

/** So many items of which the first so many are right. */
const marks = (right: number, items = 200): string => '1'.repeat(right) + '0'.repeat(items - right);
const scored = (parts: Scene, version: string | null, of: string, task = 'arc_easy'): string => madeScore({ ...parts, version, marks: of, task });
const approve = (parts: TestRegistry, against_gate = false) =>
  parts.registry.setState({ name: 'support', version: '1.0.0', state: 'approved', reason: 'It answers well.', against_gate }, testCaller);

describe('min_accuracy', () => {
  it.each([
    [170, 'pass'],
    [120, 'fail'],
    [142, 'inconclusive'],
  ] as const)('%d of 200 right, 70 % asked for: %s', async (right, verdict) => {
    const parts = await scene();
    const score = scored(parts, 'support@1.0.0', marks(right));
    const found = await parts.judge({ min_accuracy: 0.7, benchmark: 'arc_easy' });
    expect(found).toMatchObject({ verdict, significance: 0.05, rules: [{ rule: 'min_accuracy', verdict, value: right / 200, scores: [score] }] });
  });

  it('says what to run where nothing was scored', async () => {
    const { verdict, rules } = await (await scene()).judge({ min_accuracy: 0.7, benchmark: 'arc_easy' });
    expect(verdict).toBe('inconclusive');
    expect(rules[0]?.words).toBe('support@1.0.0 was not scored on arc_easy; run: lathe benchmark run --models support@1.0.0 --benchmarks arc_easy');
  });
});

describe('min_gain and max_regression', () => {
  it('pass where the bound lies on the good side, fail where on the bad one', async () => {
    const parts = await scene();
    const base = scored(parts, null, marks(100));
    const version = scored(parts, 'support@1.0.0', marks(140));
    const passed = await parts.judge({ min_gain: 0.1, max_regression: 0.02, benchmark: 'arc_easy' });
    expect(passed.rules).toMatchObject([
      { rule: 'min_gain', verdict: 'pass', value: 0.2, scores: [base, version] },
      { rule: 'max_regression', verdict: 'pass' },
    ]);
    expect((await parts.judge({ min_gain: 0.3, benchmark: 'arc_easy' })).verdict).toBe('fail');
    expect((await parts.judge({ min_gain: 0.19, benchmark: 'arc_easy' })).verdict).toBe('inconclusive');
    expect((await parts.judge({ min_gain: 0.1, benchmark: 'arc_easy', significance: 0.0001 })).verdict).toBe('inconclusive');
  });

  it('hold the version to every other benchmark that both have', async () => {
    const parts = await scene();
    for (const task of ['arc_easy', 'boolq']) scored(parts, null, marks(120), task);
    scored(parts, 'support@1.0.0', marks(160));
    scored(parts, 'support@1.0.0', marks(80), 'boolq');
    scored(parts, 'support@1.0.0', marks(80), 'piqa');
    const found = await parts.judge({ max_regression: 0.02, benchmark: 'arc_easy' });
    expect(found).toMatchObject({
      verdict: 'fail',
      rules: [
        { benchmark: 'arc_easy', verdict: 'pass' },
        { benchmark: 'boolq', verdict: 'fail', value: -0.2 },
      ],
    });
    expect(found.rules[1]?.words).toMatch(
      /^against base, boolq changed by −20\.0 points at n = 200, bounds −2\d\.\d to −1\d\.\d; at most 2\.0 points worse is allowed$/,
    );
    expect((await parts.judge({ max_regression: 0.02 })).rules.map(({ benchmark }) => benchmark)).toEqual(['arc_easy', 'boolq']);
  });

  it('take the newest that was made in the same way, and say what is missing', async () => {
    const parts = await scene();
    const version = scored(parts, 'support@1.0.0', marks(140));
    const without = await parts.judge({ min_gain: 0.1, benchmark: 'arc_easy' });
    expect(without.rules[0]).toMatchObject({ verdict: 'inconclusive', value: null });
    expect(without.rules[0]?.words).toContain('its base was not scored on arc_easy in the same way; run: lathe benchmark run --models');
    expect(without.rules[0]?.words).toMatch(/--benchmarks arc_easy --precision fp32$/);
    const base = scored(parts, null, marks(100));
    madeScore({ ...parts, marks: marks(200), changes: { num_fewshot: 5 } });
    expect((await parts.judge({ min_gain: 0.1, benchmark: 'arc_easy' })).rules[0]?.scores[0]).toBe(base);
    const newer = scored(parts, null, marks(139));
    expect((await parts.judge({ min_gain: 0.1, benchmark: 'arc_easy' })).rules[0]).toMatchObject({ verdict: 'fail', scores: [newer, version] });
    const none = await (await scene()).judge({ max_regression: 0.02 });
    expect(none.rules).toMatchObject([{ benchmark: 'any', verdict: 'inconclusive' }]);
  });

  it('need a benchmark where they measure by one', async () => {
    const parts = await scene();
    await expect(parts.judge({ min_gain: 0.1 })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect(() => parts.gates.set({ name: null, gates: { min_accuracy: 0.5 } }, testCaller.actor)).toThrow('min_accuracy needs a benchmark');
  });
});

describe('rules', () => {
  it('of a name stand before those of every name, and are told to the audit log', async () => {
    const { gates, store } = await scene();
    expect(gates.get({ name: 'support' })).toEqual({ gates: {}, own: false });
    gates.set({ name: null, gates: { max_regression: 0.05 } }, testCaller.actor);
    expect(gates.get({ name: 'support' })).toEqual({ gates: { max_regression: 0.05 }, own: false });
    gates.set({ name: 'support', gates: { max_regression: 0.01 } }, testCaller.actor);
    expect(gates.get({ name: 'support' })).toEqual({ gates: { max_regression: 0.01 }, own: true });
    expect(gates.get({ name: 'other' })).toEqual({ gates: { max_regression: 0.05 }, own: false });
    gates.set({ name: 'support', gates: null }, testCaller.actor);
    expect(gates.get({ name: 'support' }).own).toBe(false);
    const told = store.audit.list({ limit: 100, before: null }).filter(({ action }) => action === 'gates.set');
    expect(told.map(({ subject }) => subject)).toEqual(['gate of support', 'gate of support', 'gate of every name']);
    expect(told[0]).toMatchObject({ before: { gates: { max_regression: 0.01 } }, after: { gates: null } });
  });
});

describe('an approval', () => {
  it('needs no gate where no rules are set', async () => {
    const details = await approve(await scene());
    expect(details.states.at(-1)).toMatchObject({ state: 'approved', gate: null });
  });

  it('is refused where the gate does not pass, unless somebody answers for it', async () => {
    const parts = await scene();
    parts.gates.set({ name: 'support', gates: { min_accuracy: 0.9, benchmark: 'arc_easy' } }, testCaller.actor);
    scored(parts, 'support@1.0.0', marks(120));
    await expect(approve(parts)).rejects.toMatchObject({ code: 'GATE_REFUSED', facts: { verdict: 'fail' } });
    expect(parts.registry.get({ name: 'support', version: '1.0.0' }).state).toBe('candidate');
    const details = await approve(parts, true);
    expect(details.states.at(-1)).toMatchObject({ reason: 'It answers well.', gate: { verdict: 'fail', against: true, rules: [{ rule: 'min_accuracy' }] } });
    // In the folder too, and on the card, whose hash the record has.
    expect(readVersionFile(details.dir).states.at(-1)?.gate).toMatchObject({ verdict: 'fail', against: true });
    const card = await parts.registry.card({ name: 'support', version: '1.0.0' });
    expect(card.markdown).toContain('Its gate said **fail**');
    expect(card.markdown).toContain('approved against that');
    expect(await parts.registry.verify({ name: 'support', version: '1.0.0' })).toMatchObject({ changed: [] });
    // Scores come and go, so they stand in what is shown and exported alone.
    expect(card.markdown.startsWith(readFileSync(join(details.dir, 'card.md'), 'utf8').trimEnd())).toBe(true);
  });

  it('keeps what passed as evidence, whatever was asked for', async () => {
    const parts = await scene();
    parts.gates.set({ name: null, gates: { min_accuracy: 0.5, benchmark: 'arc_easy' } }, testCaller.actor);
    scored(parts, 'support@1.0.0', marks(180));
    expect((await approve(parts, true)).states.at(-1)?.gate).toMatchObject({ verdict: 'pass', against: false });
  });

  it('of a draft is refused for its state, not for its gate', async () => {
    const parts = testRegistry(join(folder, String((count += 1))));
    const { run } = madeRun(parts);
    await parts.registry.register(RegisterVersion.parse({ name: 'support', run }), testCaller);
    parts.gates.set({ name: null, gates: { max_regression: 0.02 } }, testCaller.actor);
    await expect(approve(parts)).rejects.toMatchObject({ code: 'VERSION_STATE' });
  });
});

/** The words of the gate: rules that a version has to meet. */
import type { GateAnswer, GateRuleVerdict } from '../../shared/domain/gate-verdict.ts';

const answers: Readonly<Record<GateAnswer, string>> = { pass: 'Passes', fail: 'Fails', inconclusive: 'Cannot be told' };
const rules: Readonly<Record<GateRuleVerdict['rule'], string>> = {
  min_accuracy: 'Accuracy at least',
  min_gain: 'Gain at least',
  max_regression: 'Regression at most',
};

export const gates = {
  title: 'Gate',
  answers,
  rules,
  none: 'No rules are set: any version may be approved with a reason.',
  set: 'Set rules',
  verdicts: {
    pass: 'The gate’s rules are met.',
    fail: 'The gate’s rules are not met.',
    inconclusive: 'The scores that there are cannot tell whether the gate’s rules are met.',
  } satisfies Record<GateAnswer, string>,
  columns: ['Rule', 'Benchmark', 'Scores say', 'Verdict'],
  significance: (level: string) => `Judged at significance ${level}.`,
  against: 'Why it goes against the gate',
  againstHelp: 'It is kept with your name, and shown beside the approval.',
  againstMissing: 'Going against the gate needs a reason.',
  approveAnyway: 'Approve against the gate',
  settings: {
    title: 'Gate',
    text: 'What must hold of a version’s scores before it is approved. Whoever goes against it has to say why.',
    of: 'Rules for',
    everyName: 'every model without rules of its own',
    own: 'Has rules of its own',
    inherits: 'These are the rules of every model; saving makes rules of its own.',
    benchmark: 'Benchmark',
    benchmarkHelp: 'The task that accuracy and gain are asked for on. Regression is looked at on every task.',
    any: 'none',
    minAccuracy: 'Accuracy at least',
    minAccuracyHelp: 'A share: 0.6 is 60 %. Empty: not asked for.',
    minGain: 'Gain on the base at least',
    minGainHelp: 'A share: 0.02 is 2 points better than the base. Empty: not asked for.',
    maxRegression: 'Regression on the base at most',
    maxRegressionHelp: 'A share: 0.01 lets any benchmark that both have fall by 1 point. Empty: not looked at.',
    significance: 'Significance',
    significanceHelp: 'How seldom chance alone may mislead the gate: 0.05 is one time in twenty.',
    save: 'Save the rules',
    saved: 'The rules are saved',
    drop: 'No rules of its own',
    clear: 'No rules',
    unset: 'not set',
  },
} as const;

/** Where the gate finds its scores: in the store. */
import type { ScoreRows } from '../../store/score-rows.ts';
import { doneScore, type DoneScore } from './comparisons.ts';
import type { GateScores } from './gates.ts';

const most = 1_000;

export const gateScores = (rows: ScoreRows): GateScores => ({
  ofVersion: (name, version) => {
    const { scores } = rows.list({ task: null, subject: null, version: { name, version }, latest: false, limit: most, after: null });
    // One that carries another adapter besides is not the version.
    return scores.filter(({ subject }) => subject.kind === 'version').map((score): DoneScore => doneScore(score));
  },
  ofModel: (task, sha256) => rows.ofModel(task, sha256, most).map((score): DoneScore => doneScore(score)),
});

/** A run's loss in few points: steps at even distances, found by the index, so that a long run costs no more than a short one. */
import { z } from 'zod';
import type { Sparkline } from '../../shared/contracts/run-calls.ts';
import type { Database } from './database.ts';

/** Each place's step is the first that is not before it; the last place is the last step. */
const thinned = `
WITH bounds AS (
  SELECT (SELECT min(step) FROM run_steps WHERE run = $run) AS first, (SELECT max(step) FROM run_steps WHERE run = $run) AS last
), places AS (
  SELECT DISTINCT (SELECT min(step) FROM run_steps WHERE run = $run AND step >= first + (last - first) * place.value / ($points - 1)) AS step
  FROM bounds, json_each($places) AS place
)
SELECT step, loss FROM places JOIN run_steps USING (step) WHERE run = $run ORDER BY step`;

const Point = z.object({ step: z.int(), loss: z.number() });

/** null where there is no such run. */
export function readSparkline(database: Database, run: string, points: number): Sparkline | null {
  const places = JSON.stringify(Array.from({ length: points }, (_, i) => i));
  const rows = z.array(Point).parse(database.prepare(thinned).all({ run, points, places }));
  if (rows.length === 0 && database.prepare('SELECT 1 FROM runs WHERE run = $run').get({ run }) === undefined) return null;
  return { step: rows.map(({ step }) => step), loss: rows.map(({ loss }) => loss) };
}

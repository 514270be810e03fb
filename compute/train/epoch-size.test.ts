/** What a run says it trains on is what it trains on: held-out rows are in no count. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { JobEvent } from '../../shared/contracts/run-events.ts';
import { trainInProcess } from '../../test/support/in-process-run.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { writeTinyData, writeTinyModel } from '../../test/support/tiny-model.ts';

const folder = temporaryFolder();

it('counts the rows and tokens of an epoch without those held out', { timeout: 60_000 }, async () => {
  const events: JobEvent[] = [];
  const training = { max_epochs: 1, batch_size: 4, gradient_accumulation: 1 };
  const result = await trainInProcess({
    folder: join(folder, 'run'),
    model: await writeTinyModel(join(folder, 'model')),
    data: writeTinyData(join(folder, 'rows.jsonl'), 20),
    config: { data: { holdout_fraction: 0.4 }, training },
    onEvent: (event) => events.push(event),
  });
  const plan = events.find((event) => event.event === 'plan');
  expect(plan).toMatchObject({ rows: 12, holdout_rows: 8, tokens: result.tokens });
  const card = readFileSync(join(folder, 'run', 'card.md'), 'utf8');
  expect(card).toContain('on 12 rows.');
  expect(card).toContain(`of ${result.tokens} in an epoch`);
});

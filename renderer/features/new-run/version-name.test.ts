import { expect, it } from 'vitest';
import { ModelName } from '../../../shared/domain/version.ts';
import { versionNameFor } from './version-name.ts';

it('is named after the run, else after the rows', () => {
  expect(versionNameFor('Support mails, first try', 'rows.jsonl')).toBe('support-mails-first-try');
  expect(versionNameFor('', 'Support Mails.v2.jsonl')).toBe('support-mails.v2');
  expect(versionNameFor('…', '….jsonl')).toBe('adapter');
});

it.each(['con', 'ü'.repeat(80), 'x'.repeat(90), '--a--'])('proposes a name that is taken: %s', (run) => {
  expect(ModelName.safeParse(versionNameFor(run, '')).success).toBe(true);
});

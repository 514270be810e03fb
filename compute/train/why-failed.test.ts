import { expect, it } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { RunFence } from './run-fence.ts';
import { whyFailed } from './why-failed.ts';

it('is what was thrown, as long as the folder is its own', () => {
  const missing = new AppError('FILE_MISSING', { what: 'Checkpoint', path: '/run/checkpoints/.step-4' });
  expect(whyFailed({ requireOwn: () => undefined }, missing)).toBe(missing);
});

it('is the later attempt where one has taken the folder, and cleared away what this one wrote', () => {
  const folder = temporaryFolder();
  const fence = new RunFence(folder, 1);
  new RunFence(folder, 2).require();
  const missing = new AppError('FILE_MISSING', { what: 'Checkpoint', path: '/run/checkpoints/.step-4' });
  expect(whyFailed({ requireOwn: () => fence.require() }, missing)).toMatchObject({ code: 'RUN_FENCED' });
});

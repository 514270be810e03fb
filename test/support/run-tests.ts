/**
 * What `npm test` runs: vitest, and in CI each file that failed once more, alone and from its beginning. On a machine that others share a process may be
 * late once; what fails twice is wrong. A file and not a test is what is tried again, since tests of one file may build upon each other.
 */
import { createVitest, parseCLI, type TestModule } from 'vitest/node';

/** Where more fail, the machine is not to blame. */
const fewFiles = 4;

const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)]);
const vitest = await createVitest(options);
try {
  const { testModules, unhandledErrors } = await vitest.start(filter);
  const failed = testModules.filter((module) => !module.ok());
  const isWorthIt = process.env['CI'] !== undefined && failed.length > 0 && failed.length <= fewFiles && unhandledErrors.length === 0;
  if (isWorthIt) await tryAgain(failed);
} catch (error) {
  process.exitCode = 1;
  vitest.logger.error(error instanceof Error ? error.message : String(error));
} finally {
  await vitest.exit();
}

async function tryAgain(failed: readonly TestModule[]): Promise<void> {
  vitest.logger.log(`\nTried once more from the beginning: ${failed.map(({ relativeModuleId }) => relativeModuleId).join(', ')}\n`);
  process.exitCode = 0;
  for (const module of failed) await vitest.runTestSpecifications([module.toTestSpecification()]);
}

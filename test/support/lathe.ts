/** The command line without the wrapper that finds Node 24 and builds the engine: the tests have seen to both. */
import { main } from '../../main/cli/main.ts';

process.exitCode = await main(process.argv.slice(2));

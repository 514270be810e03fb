/** Sessions with a HANA of a test, through the process that the product uses. */
import { nodeForkTransport } from '../../main/workers/node-fork-transport.ts';
import { projectFiles } from '../../main/platform/project-files.ts';
import { HanaProcess, type ProcessSession } from '../../main/workers/hana-process.ts';
import type { HanaConnection } from '../../shared/domain/hana-connection.ts';
import { hanaClientFolder, hanaPassword } from './hana-server.ts';

export interface TestHanaProcess {
  readonly process: HanaProcess;
  /** What the process wrote by itself. */
  readonly output: readonly string[];
  open(connection: HanaConnection, password?: string): Promise<ProcessSession>;
}

export function startHanaProcess(environment: Readonly<Record<string, string>> = {}): TestHanaProcess {
  const output: string[] = [];
  const process = new HanaProcess({
    start: (listener) => nodeForkTransport().start(projectFiles.hanaEntry, environment, listener),
    logPath: () => '/the.log',
    onOutput: (line) => output.push(line),
  });
  return {
    ...{ process, output },
    open: (connection, password = hanaPassword) => process.open({ connection, password, driverFolders: [hanaClientFolder] }),
  };
}

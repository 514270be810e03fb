/** How a process of llama.cpp is started, for whoever lets models answer. */
import type { Logger } from '../platform/logger.ts';
import { projectFiles } from '../platform/project-files.ts';
import type { ComputeParts } from '../services/compute-jobs.ts';
import { ChatProcess } from '../workers/chat-process.ts';

export interface ChatStarterParts {
  readonly compute: ComputeParts;
  readonly logPath: () => string;
  readonly log: Logger;
}

export const chatStarter =
  ({ compute, logPath, log }: ChatStarterParts): (() => ChatProcess) =>
  () =>
    new ChatProcess({
      start: (listener) => compute.supervisor.startOther(projectFiles.chatEntry, listener),
      logPath,
      onOutput: (line) => log.warn('a process of llama.cpp wrote', { line: line.slice(0, 2_000) }),
    });

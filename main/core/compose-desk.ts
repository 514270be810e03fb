/** Builds the services with which a page finds its way. */
import type { DeskServices } from '../ipc/desk-handlers.ts';
import type { RegistryServices } from '../ipc/registry-handlers.ts';
import type { Logger } from '../platform/logger.ts';
import type { Paths } from '../platform/paths.ts';
import type { SecretKeys } from '../platform/secret-keys.ts';
import { projectFiles } from '../platform/project-files.ts';
import { Chats } from '../services/chat/chats.ts';
import { ChatSides } from '../services/chat/chat-sides.ts';
import type { ComputeJobs, ComputeParts } from '../services/compute-jobs.ts';
import { AboutBook } from '../services/desk/about.ts';
import { HelpPages } from '../services/desk/help-pages.ts';
import { Logs } from '../services/desk/logs.ts';
import { LookIns } from '../services/desk/look-ins.ts';
import type { EventHub } from '../services/event-hub.ts';
import type { Scheduler } from '../services/scheduler.ts';
import type { SettingsBook } from '../services/settings-book.ts';
import type { Shelves } from '../services/shelves.ts';
import type { Store } from '../store/store.ts';
import { chatStarter } from './chat-starter.ts';

export interface DeskParts {
  readonly paths: Paths;
  readonly logPath: () => string;
  readonly store: Store;
  readonly settings: SettingsBook;
  readonly shelves: Shelves;
  readonly jobs: ComputeJobs;
  readonly compute: ComputeParts;
  readonly versions: RegistryServices;
  readonly scheduler: Scheduler;
  readonly hub: EventHub;
  readonly log: Logger;
  readonly secretKeys: SecretKeys | null;
  readonly now: () => Date;
}

export function composeDesk(parts: DeskParts): DeskServices {
  const { paths, logPath, store, settings, shelves, jobs, secretKeys, now } = parts;
  const about = new AboutBook({ paths, logPath, engine: () => jobs.engine(), secretKeys });
  const logs = new Logs({ paths, logPath, about, settings: () => settings.values, runs: () => store.runs.countByState(), now });
  return { about, logs, help: new HelpPages(projectFiles.docs), lookIns: new LookIns({ paths, shelves, compute: jobs }), chats: composeChats(parts) };
}

function composeChats({ paths, logPath, log, shelves, jobs, compute, versions, scheduler, hub }: DeskParts): Chats {
  const start = chatStarter({ compute, logPath, log: log.child('chat') });
  const sides = new ChatSides({ paths, shelves, registry: versions.registry, compute: jobs });
  return new Chats({ sides, compute: jobs, start, publish: (event) => hub.publish(event), isTraining: () => scheduler.activeCount > 0 });
}

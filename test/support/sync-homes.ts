/** LATHE_HOMEs of several laptops in one process, which share a HANA in memory: whole cores, asked as a command asks them. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { composeCore, type Core } from '../../main/core/core.ts';
import { HanaConnection } from '../../shared/domain/hana-connection.ts';
import { openStore } from '../../main/store/store.ts';
import { findPaths, type Paths } from '../../main/platform/paths.ts';
import type { CallName, InputOf, OutputOf } from '../../shared/contracts/calls.ts';
import type { HanaSession } from '../../main/services/hana/hana-session.ts';
import { keepingLogger, type KeptLine } from './keeping-logger.ts';
import { stepEntry, writeRunFolder } from './run-folder.ts';

export interface SyncHome {
  readonly paths: Paths;
  readonly lines: readonly KeptLine[];
  call<N extends CallName>(name: N, input: InputOf<N>): Promise<OutputOf<N>>;
  /** The code of what is refused. */
  refused<N extends CallName>(name: N, input: InputOf<N>): Promise<unknown>;
  /** A version with files: of a run that is made for it. */
  register(name: string, options?: Partial<InputOf<'registry.register'>>): Promise<OutputOf<'registry.register'>>;
  sync(): Promise<OutputOf<'sync.now'>>;
  close(): Promise<void>;
}

export interface SyncHomeSettings {
  readonly folder: string;
  readonly user: string;
  readonly open: () => Promise<HanaSession>;
  readonly server?: string;
  /** Which runs it has: their folders are made beforehand. */
  readonly runs?: number;
  /** Through which files travel. */
  readonly artifacts?: string;
}

export function syncHome({ folder, user, open, server = 'memory', runs = 3, artifacts }: SyncHomeSettings): SyncHome {
  const paths = findPaths({ LATHE_HOME: folder });
  for (let number = 0; number < runs; number += 1) addRun(paths, `${user}-${number}`, number);
  if (artifacts !== undefined) chooseFolder(paths, artifacts);
  const actor = { user, host: `${user}s-laptop`, token: null };
  const lines: KeptLine[] = [];
  const compute = {
    supervisor: undefined as never,
    engine: () => Promise.reject(new Error('no engine here')),
    power: { isKnown: false, read: () => 'mains' as const },
  };
  const connection = { id: server, onChange: () => undefined };
  const log = keepingLogger(lines);
  let core: Core | null = composeCore({ paths, log, logPath: () => '/the.log', compute, kind: 'command', self: actor, connection, openHana: open });
  const call = async <N extends CallName>(name: N, input: InputOf<N>): Promise<OutputOf<N>> =>
    (await core?.dispatcher.dispatch(name, input, { actor, role: 'admin' })) as OutputOf<N>;
  const close = async (): Promise<void> => {
    const closing = core;
    core = null;
    await closing?.stopWork();
    closing?.close();
  };
  onTestFinished(close);
  let made = 0;
  return {
    ...{ paths, lines, call, close },
    refused: async (name, input) => {
      try {
        await call(name, input);
        return null;
      } catch (error) {
        return (error as { code?: unknown }).code;
      }
    },
    register: (name, options = {}) => call('registry.register', { name, run: `${user}-${made++}`, ...options }),
    sync: () => call('sync.now', {}),
  };
}

function chooseFolder({ home }: Paths, folder: string): void {
  const store = openStore(join(home, 'lathe.db'), keepingLogger());
  store.hana.put(HanaConnection.parse({ name: 'office', host: 'nowhere', port: 1, user: 'U', secret: 's', artifact_folder: folder }));
  store.hana.choose('office');
  store.close();
}

/** Of which a version can be made. */
export function addRun({ runs }: Paths, run: string, second: number): void {
  const dir = join(runs, run);
  if (existsSync(dir)) return;
  const adapter = join(dir, 'adapter');
  const done = { event: 'done', run, adapter, steps: 1, final_loss: 1, eval_loss: null, seconds: 1, tokens: 1, peak_rss_bytes: 1 } as const;
  writeRunFolder(dir, { run, started: `2026-01-01T00:00:0${second}Z`, events: [stepEntry(1), done] });
  mkdirSync(adapter, { recursive: true });
  writeFileSync(join(adapter, 'adapter_config.json'), '{}');
  writeFileSync(join(adapter, 'adapter_model.safetensors'), `weights of ${run}`);
}

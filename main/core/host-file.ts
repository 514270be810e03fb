/** host.json: who owns a LATHE_HOME and how to talk to it. Readable by its user alone, since it holds the secret that opens the local door. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isSameProcess } from '../platform/process-identity.ts';
import { HostStatus } from '../../shared/contracts/host-calls.ts';
import { writeFileAtomically } from '../platform/atomic-files.ts';

export const HostFile = z.object({
  pid: z.int().min(1),
  /** When it started, as the system counts it, so that a later process with its number is not taken for it. */
  ticks: z.string().nullable(),
  kind: HostStatus.shape.kind,
  version: z.string(),
  contract: z.int(),
  started: z.iso.datetime(),
  /** Unix socket or named pipe; null while the host lets nobody in. */
  socket: z.string().nullable(),
  secret: z.string(),
});
export type HostFile = z.infer<typeof HostFile>;

const pathIn = (home: string): string => join(home, 'host.json');

export function writeHostFile(home: string, content: HostFile): void {
  writeFileAtomically(pathIn(home), JSON.stringify(content), { mode: 0o600 });
}

/** null where there is none that can be read. */
export function readHostFile(home: string): HostFile | null {
  try {
    return HostFile.parse(JSON.parse(readFileSync(pathIn(home), 'utf8')));
  } catch {
    return null;
  }
}

/** The owner that host.json names, if it lives. */
export function livingHost(home: string): HostFile | null {
  const host = readHostFile(home);
  return host !== null && isSameProcess(host) ? host : null;
}

export const removeHostFile = (home: string): void => rmSync(pathIn(home), { force: true });

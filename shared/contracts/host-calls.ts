/** Calls about the host itself: the process that owns a LATHE_HOME. */
import { z } from 'zod';
import { RunState } from '../domain/run-state.ts';
import { call } from './call.ts';

const nothing = z.strictObject({});

export const HostStatus = z.object({
  pid: z.int(),
  version: z.string(),
  home: z.string(),
  /** `serve`: until it is told to end; `window`: as long as the app is open; `command`: as long as its own command and those attached need it; `detached`: until nothing is queued. */
  kind: z.enum(['serve', 'window', 'command', 'detached']),
  started: z.iso.datetime(),
  attached: z.int().min(0),
  runs: z.object({ queued: z.int().min(0), active: z.int().min(0), by_state: z.record(RunState, z.int().min(0)) }),
  /** Runs of benchmarks. `active`: scores that a process works on. */
  benchmarks: z.object({ queued: z.int().min(0), active: z.int().min(0) }),
});
export type HostStatus = z.infer<typeof HostStatus>;

export const hostCalls = {
  'host.status': call({ does: 'who owns this LATHE_HOME and what it does', role: 'viewer', input: nothing, output: HostStatus }),
  'host.end': call({ does: 'end the host; active runs make a checkpoint first', role: 'admin', input: nothing, output: z.null() }),
} as const;

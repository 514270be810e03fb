/** Calls with which a page finds its way: what this installation and this machine are. */
import { z } from 'zod';
import { Isa } from '../domain/isa.ts';
import { TrainingConfigInput } from '../domain/training-config.ts';
import { call } from './call.ts';

const bytes = z.number().min(0);

/** The kernel that an operation runs on here, and why none further up the ladder. */
export const ChosenKernel = z.object({ operation: z.string(), kernel: z.string(), why: z.string() });
export type ChosenKernel = z.infer<typeof ChosenKernel>;

export const About = z.object({
  version: z.string(),
  home: z.string(),
  /** The file that is written to now. */
  log_path: z.string(),
  node: z.string(),
  platform: z.string(),
  arch: z.string(),
  os: z.string(),
  cpu: z.object({ model: z.string(), cores: z.int().min(1), memory_bytes: bytes }),
  engine: z.object({
    /** null: there is none that runs, and `problem` says why. */
    isa: Isa.nullable(),
    kernels: z.array(ChosenKernel),
    problem: z.string().nullable(),
  }),
  folders: z.object({ models: z.string(), datasets: z.string(), runs: z.string(), registry: z.string(), logs: z.string() }),
  /** What comes with Lathe to begin with: a configuration that can be started as it is, and rows to score its result on. */
  demo: z.object({ config: TrainingConfigInput, name: z.string(), test: z.string() }),
  licences: z.array(z.object({ package: z.string(), licence: z.string() })),
  /** Where secrets are kept: encrypted in a file, in the system's keyring, or by the window's shell. */
  secrets: z.enum(['file', 'keyring', 'shell']),
});
export type About = z.infer<typeof About>;

export const deskCalls = {
  'host.about': call({
    does: 'what this installation and this machine are: versions, folders, the kernels chosen, the demo, licences',
    role: 'viewer',
    input: z.strictObject({}),
    output: About,
  }),
} as const;

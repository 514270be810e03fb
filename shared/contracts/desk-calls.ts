/** Calls with which a page finds its way: what this installation and this machine are, its log, help, and files to choose from. */
import { z } from 'zod';
import { LogLevel } from '../domain/logging-config.ts';
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

export const ShownLogLine = z.object({
  /** null where lines are written without. */
  time: z.string().nullable(),
  level: LogLevel,
  name: z.string(),
  message: z.string(),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type ShownLogLine = z.infer<typeof ShownLogLine>;

export const FileEntry = z.object({
  name: z.string(),
  path: z.string(),
  kind: z.enum(['file', 'folder']),
  /** null of a folder. */
  bytes: z.int().min(0).nullable(),
  /** By its name, and a folder by what is in it: whether it is what is looked for. */
  fits: z.boolean(),
});
export type FileEntry = z.infer<typeof FileEntry>;

const nothing = z.strictObject({});

export const deskCalls = {
  'host.about': call({
    does: 'what this installation and this machine are: versions, folders, the kernels chosen, the demo, licences',
    role: 'viewer',
    input: nothing,
    output: About,
  }),
  'host.logs': call({
    does: 'the newest lines of the log, in their order; redacted, as the files are',
    role: 'admin',
    input: z.strictObject({
      /** This level and graver ones. */
      level: LogLevel.default('info'),
      limit: z.int().min(1).max(1_000).default(200),
      run: z.string().min(1).max(200).nullable().default(null),
    }),
    output: z.object({ lines: z.array(ShownLogLine), path: z.string() }),
  }),
  'host.diagnose': call({
    does: 'a report on this installation in Markdown, to be sent along with a question; redacted as the log is',
    role: 'admin',
    input: nothing,
    output: z.object({ text: z.string() }),
  }),
  'help.list': call({
    does: 'the pages of help that come with Lathe, in the order to read them',
    role: 'viewer',
    input: nothing,
    output: z.object({ pages: z.array(z.object({ id: z.string(), title: z.string() })) }),
  }),
  'help.get': call({
    does: 'one page of help',
    role: 'viewer',
    input: z.strictObject({ id: z.string().min(1).max(100) }),
    output: z.object({ title: z.string(), markdown: z.string() }),
  }),
  'files.list': call({
    does: 'what is in a folder of this machine, for choosing a file; hidden ones are left out',
    role: 'admin',
    input: z.strictObject({
      /** Absolute; null: the home of the user whose process this is. */
      dir: z.string().min(1).nullable().default(null),
      kind: z.enum(['model', 'data', 'folder']),
    }),
    /** `parent`: null at the top. */
    output: z.object({ dir: z.string(), parent: z.string().nullable(), entries: z.array(FileEntry) }),
  }),
} as const;

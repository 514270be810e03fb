/** `lathe doctor`: what this machine is, which kernels were chosen and why, and what is missing. */
import { Command } from 'commander';
import { existsSync } from 'node:fs';
import { isAppError, type AppError } from '../../../shared/errors/app-error.ts';
import { formatBytes } from '../../../shared/text/format.ts';
import { readSecrets } from '../../platform/secret-store.ts';
import type { SecretKeeping } from '../../platform/secret-keys.ts';
import { freeDiskBytes, readHardware, whyNotWritable } from '../../platform/hardware.ts';
import { addonFile, projectFiles } from '../../platform/project-files.ts';
import { chosenKernels } from '../../services/engine-kernels.ts';
import type { ProbeReport } from '../../workers/probe-engine.ts';
import { isEngineMissing, readIsaCap } from '../../workers/probe-engine.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { table } from '../output/table.ts';

export const doctorCommand = (host: HostSource): Command =>
  new Command('doctor').description('what this machine is, which kernels were chosen and why, what is missing').action(() => doctor(host()));

type Engine = { readonly report: ProbeReport } | { readonly problem: AppError };

async function doctor(host: Host): Promise<void> {
  const engine = await tryEngine(host);
  const hardware = readHardware();
  const diskBytes = freeDiskBytes(host.paths.home);
  const secrets = await secretKeeping(host);
  const missing = [...missingParts(engine), ...homeProblem(host.paths.home)];
  const report = 'report' in engine ? engine.report : null;
  const facts = [
    ['processor', `${hardware.cpu} (${hardware.architecture})`],
    ['cores', String(hardware.cores)],
    ['memory', `${formatBytes(hardware.memoryBytes)}, ${formatBytes(hardware.freeMemoryBytes)} free`],
    ['system', hardware.platform],
    ['node', hardware.node],
    ['LATHE_HOME', `${host.paths.home} (${existsSync(host.paths.home) ? 'there' : 'not made yet'}, ${formatBytes(diskBytes)} free)`],
    ['LATHE_ISA', readIsaCap() ?? 'not set'],
    ['secrets', secrets instanceof Error ? secrets.message : secretsText(secrets)],
    ['engine', addonFile()],
    ...(report === null ? [] : engineFacts(report)),
  ];
  host.reporter.done(
    { ...hardware, home: host.paths.home, disk_free_bytes: diskBytes, secrets: secrets instanceof Error ? null : secrets, engine: report, missing },
    [
      ...table(facts),
      ...(report === null ? [] : ['', ...kernelLines(report)]),
      '',
      ...(missing.length === 0 ? ['Nothing is missing.'] : missing.map((what) => `missing: ${what}`)),
    ],
  );
  if ('problem' in engine) throw engine.problem;
}

/** A file of them that is none is a finding too. */
async function secretKeeping({ paths, secretKeys }: Host): Promise<SecretKeeping | AppError> {
  try {
    return await secretKeys.keeping(readSecrets(paths.home)?.lock ?? null);
  } catch (error) {
    if (isAppError(error)) return error;
    throw error;
  }
}

const keptIn = {
  'safe-storage': "the window's safe storage",
  keyring: 'the keyring of the system',
  passphrase: 'a passphrase (LATHE_SECRET_KEY, or asked for)',
};

const secretsText = ({ key, problem }: SecretKeeping): string =>
  `encrypted in secrets.json; their key ${key === 'passphrase' ? 'is made of' : 'is kept in'} ${keptIn[key]}${problem === null ? '' : ` (${key === 'passphrase' ? 'no keyring' : 'not to be had'}: ${problem})`}`;

/** An engine that is not there or does not run is a finding, not yet a failure. */
async function tryEngine(host: Host): Promise<Engine> {
  try {
    return { report: await host.engine() };
  } catch (error) {
    if (isAppError(error) && isEngineMissing(error)) return { problem: error };
    throw error;
  }
}

const engineFacts = ({ answer, fallen }: ProbeReport): string[][] => [
  ['features', answer.features.join(' ')],
  ['instruction set', answer.isa],
  ...fallen.map(({ isa, reason }) => [`  ${isa} fell`, reason]),
];

function kernelLines({ answer }: ProbeReport): readonly string[] {
  const rows = chosenKernels(answer).map(({ operation, kernel, why }) => [operation, kernel, why]);
  return table([['op', 'kernel', 'why'], ...rows]);
}

function homeProblem(home: string): readonly string[] {
  const reason = whyNotWritable(home);
  return reason === null ? [] : [`a LATHE_HOME to write to: ${reason}`];
}

function missingParts(engine: Engine): readonly string[] {
  const embedded = existsSync(projectFiles.embeddedModel) ? [] : [`the embedded model (${projectFiles.embeddedModel}); lathe demo needs it`];
  return 'problem' in engine ? [`the native engine: ${engine.problem.message}`, ...embedded] : embedded;
}

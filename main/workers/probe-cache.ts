/** Remembers what the probe found, so that a start costs nothing the second time: for this processor, system, engine and cap. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import type { Isa } from '../../shared/domain/isa.ts';
import { writeFileAtomically } from '../platform/atomic-files.ts';
import { ProbeReport } from './probe-engine.ts';

interface ProbeKey {
  readonly addon: string;
  readonly cap: Isa | undefined;
}

/** The remembered report, or `probe` asked and its report remembered. An engine that is not there is not remembered. */
export async function cachedProbe(folder: string, key: ProbeKey, probe: () => Promise<ProbeReport>): Promise<ProbeReport> {
  const hash = keyHash(key);
  if (hash === undefined) return probe();
  const path = join(folder, `probe-${hash.slice(0, 32)}.json`);
  const known = read(path);
  if (known !== undefined) return known;
  const report = await probe();
  write(path, report);
  return report;
}

function read(path: string): ProbeReport | undefined {
  try {
    return ProbeReport.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

function write(path: string, report: ProbeReport): void {
  try {
    writeFileAtomically(path, JSON.stringify(report));
  } catch {
    // Not to be remembered costs a second at the next start, nothing else.
  }
}

function keyHash({ addon, cap }: ProbeKey): string | undefined {
  try {
    const engine = createHash('sha256').update(readFileSync(addon)).digest('hex');
    return createHash('sha256')
      .update(JSON.stringify([engine, cap ?? null, process.arch, process.platform, release(), processor()]))
      .digest('hex');
  } catch {
    return undefined;
  }
}

/** Model and features; where the system lists the features, a virtual machine that hides some is another processor. */
function processor(): string {
  const model = cpus()[0]?.model ?? '';
  try {
    const first = readFileSync('/proc/cpuinfo', 'utf8').split('\n\n')[0] ?? '';
    const lines = first.split('\n').filter((line) => /^(model name|flags|Features|microcode|CPU part|stepping)\s*:/.test(line));
    return [model, ...lines].join('\n');
  } catch {
    return model;
  }
}

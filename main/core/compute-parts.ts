/** What a host computes with: the supervisor over a transport, and the engine as it runs on this machine. */
import type { LogFile } from '../platform/logger.ts';
import type { Paths } from '../platform/paths.ts';
import { addonFile, projectFiles } from '../platform/project-files.ts';
import { cachedProbe } from '../workers/probe-cache.ts';
import { probeEngine, readIsaCap, type ProbeReport } from '../workers/probe-engine.ts';
import { Supervisor } from '../workers/supervisor.ts';
import type { Transport } from '../workers/transport.ts';

export interface ComputePlace {
  readonly paths: Paths;
  readonly logFile: LogFile;
  readonly transport: Transport;
}

/** `engine` throws ADDON_MISSING, ADDON_UNUSABLE, ISA_UNKNOWN. */
export function computeParts({ paths, logFile, transport }: ComputePlace): { readonly supervisor: Supervisor; readonly engine: () => Promise<ProbeReport> } {
  const log = logFile.log.child('lathe');
  const supervisor = new Supervisor({ transport, entry: projectFiles.computeEntry, log, logPath: logFile.path, cache: paths.cache });
  const engine = async (): Promise<ProbeReport> => {
    const cap = readIsaCap();
    const report = await cachedProbe(paths.cache, { addon: addonFile(), cap }, () => probeEngine({ transport, entry: projectFiles.probeEntry }, cap));
    log.info('engine probed', { isa: report.answer.isa, cap: cap ?? null, fallen: report.fallen.map(({ isa }) => isa).join(' ') });
    return report;
  };
  return { supervisor, engine };
}

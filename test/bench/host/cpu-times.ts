/** Who used the cores since the machine began, in seconds of one core; from Linux's /proc. */
import { readFileSync } from 'node:fs';

export interface CpuTimes {
  readonly host: number;
  readonly generator: number;
  readonly run: number;
  /** Every other program, and the kernel where it works for none. */
  readonly others: number;
  readonly idle: number;
}

const ticksPerSecond = 100;

export function cpuTimes(pids: { readonly host: number; readonly run: number }): CpuTimes {
  const own = process.cpuUsage();
  const [host, run, generator] = [ofProcess(pids.host), ofProcess(pids.run), (own.user + own.system) / 1e6];
  const { busy, idle } = ofMachine();
  return { host, generator, run, others: busy - host - generator - run, idle };
}

function ofProcess(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

function ofMachine(): { readonly busy: number; readonly idle: number } {
  const fields = readFileSync('/proc/stat', 'utf8').split('\n')[0]?.split(/\s+/).slice(1, 9).map(Number) ?? [];
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, interrupts = 0, soft = 0, steal = 0] = fields;
  return { busy: (user + nice + system + interrupts + soft) / ticksPerSecond, idle: (idle + wait + steal) / ticksPerSecond };
}

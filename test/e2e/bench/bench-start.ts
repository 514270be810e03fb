/** How long the packed app takes from its start to a window that can be used, once everything is in the system's cache. Driven only after it is there. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from 'simple-statistics';
import { setStage } from '../support/app-under-test.ts';
import { electronForTests } from '../support/electron-for-tests.ts';
import { PackedApp, pack } from '../support/packed-app.ts';

const starts = 7;

/** Milliseconds since the program was started. */
interface StartTimes {
  /** The page's address was asked for. */
  readonly page: number;
  /** Its frame was painted. */
  readonly frame: number;
  readonly window_shown: number;
  readonly core_ready: number;
  /** The first view has what it shows from the core. */
  readonly content: number;
  /** All of that: it can be used. */
  readonly usable: number;
}

export interface StartResult {
  readonly electron: string;
  /** With a home that was not there yet, and a program that may have to be read from the disk. */
  readonly first: StartTimes;
  readonly warm: readonly StartTimes[];
  readonly warm_median: StartTimes;
}

export async function benchStart(): Promise<StartResult> {
  const runtime = electronForTests();
  if ('why' in runtime) throw new Error(runtime.why);
  const folder = mkdtempSync(join(tmpdir(), 'lathe-start-bench-'));
  const stage = await setStage(runtime.folder);
  try {
    const unpacked = await pack(runtime.folder, folder);
    const once = (): Promise<StartTimes> => startOnce(unpacked, { ...stage.environment, LATHE_HOME: join(folder, 'home') });
    const first = await once();
    await once();
    const warm: StartTimes[] = [];
    while (warm.length < starts) warm.push(await once());
    return { electron: readFileSync(join(runtime.folder, 'version'), 'utf8').trim(), first, warm, warm_median: medianOf(warm) };
  } finally {
    stage.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startOnce(unpacked: string, environment: Readonly<Record<string, string>> & { readonly LATHE_HOME: string }): Promise<StartTimes> {
  const began = Date.now();
  const app = await PackedApp.start(unpacked, environment);
  try {
    const seen = await app.page.evaluate(async () => {
      const mark = (name: string): number | null => performance.getEntriesByName(name)[0]?.startTime ?? null;
      while (mark('lathe:content') === null) await new Promise((resolve) => setTimeout(resolve, 50));
      return { origin: performance.timeOrigin, frame: mark('first-contentful-paint') ?? 0, content: mark('lathe:content') ?? 0 };
    });
    const said = logged(environment.LATHE_HOME, began);
    const at = (ms: number): number => Math.round(ms - began);
    const times = {
      page: at(seen.origin),
      frame: at(seen.origin + seen.frame),
      window_shown: at(said('a window is shown')),
      core_ready: at(said('the core is ready')),
      content: at(seen.origin + seen.content),
    };
    return { ...times, usable: Math.max(times.window_shown, times.content) };
  } finally {
    await app.end();
  }
}

/** When the shell wrote something, of what it wrote since `since`. */
function logged(home: string, since: number): (message: string) => number {
  const folder = join(home, 'logs');
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl') || name.endsWith('.log'));
  const lines = files.flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean));
  const entries = lines.map((line) => JSON.parse(line) as { readonly time: string | number; readonly msg: string });
  return (message) => {
    const entry = entries.find(({ time, msg }) => msg === message && new Date(time).getTime() >= since);
    if (entry === undefined) throw new Error(`the log does not say "${message}"`);
    return new Date(entry.time).getTime();
  };
}

function medianOf(all: readonly StartTimes[]): StartTimes {
  const of = (name: keyof StartTimes): number => Math.round(median(all.map((times) => times[name])));
  return {
    page: of('page'),
    frame: of('frame'),
    window_shown: of('window_shown'),
    core_ready: of('core_ready'),
    content: of('content'),
    usable: of('usable'),
  };
}

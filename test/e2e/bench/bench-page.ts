/** How the page bears a run of 100,000 steps: opening it, zooming, ten updates a second, its memory over time, and how little it does when nothing happens. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { CDPSession, Page } from 'playwright-core';
import { quantileSorted } from 'simple-statistics';
import { openStore } from '../../../main/store/store.ts';
import { fillStore, longRun } from '../../bench/store/full-store.ts';
import { keepingLogger } from '../../support/keeping-logger.ts';
import { launchBrowser, openPage, whyNoBrowser } from '../support/browser.ts';
import { serve } from '../support/serve.ts';
import { frameTimes, type TraceEvent } from './frame-times.ts';
import { feed } from './live-feed.ts';

const steps = 100_000;
const idleMs = 10_000;

interface PageResult {
  readonly steps: number;
  readonly open_ms: number;
  readonly updates: FrameSummary;
  readonly zoom: FrameSummary;
  readonly idle_cpu_percent: number;
  readonly memory: readonly MemoryAt[];
}

/** `minutes`: of how long a run the memory is watched. */
export async function benchPage(minutes: number): Promise<PageResult> {
  if (whyNoBrowser !== null) throw new Error(whyNoBrowser);
  const home = mkdtempSync(join(tmpdir(), 'lathe-page-bench-'));
  const store = openStore(join(home, 'lathe.db'), keepingLogger());
  fillStore(store, { runs: 200, steps, versions: 0 });
  store.close();
  const served = await serve({ home });
  const browser = await launchBrowser();
  try {
    const { page } = await openPage(browser, served.login);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Performance.enable');
    await feed.install(page);
    await page.reload();
    const opened = performance.now();
    await page.goto(`${served.url}/#/runs/${longRun}`);
    await page.locator('canvas').first().waitFor();
    const openMs = performance.now() - opened;
    return {
      steps,
      open_ms: Math.round(openMs),
      updates: summary(await traced(cdp, () => feed.run(page, longRun, { from: steps, perSecond: 10, seconds: 10 }))),
      zoom: summary(await traced(cdp, () => zoom(page))),
      ...(await idle(cdp)),
      memory: await memory(page, cdp, minutes),
    };
  } finally {
    await browser.close();
    await served.end();
    rmSync(home, { recursive: true, force: true });
  }
}

interface FrameSummary {
  readonly frames: number;
  readonly median_ms: number;
  readonly p95_ms: number;
  readonly worst_ms: number;
}

/** Of frames in which anything was done. */
function summary(times: readonly number[]): FrameSummary {
  const busy = times.filter((ms) => ms > 0.05).toSorted((a, b) => a - b);
  const at = (share: number): number => (busy.length === 0 ? 0 : Number(quantileSorted(busy, share).toFixed(2)));
  return { frames: busy.length, median_ms: at(0.5), p95_ms: at(0.95), worst_ms: at(1) };
}

async function traced(cdp: CDPSession, act: () => Promise<void>): Promise<readonly number[]> {
  const events: TraceEvent[] = [];
  const collect = ({ value }: { value: object[] }): void => void events.push(...(value as TraceEvent[]));
  cdp.on('Tracing.dataCollected', collect);
  await cdp.send('Tracing.start', {
    categories: 'devtools.timeline,disabled-by-default-devtools.timeline,devtools.timeline.frame,v8',
    transferMode: 'ReportEvents',
  });
  await act();
  const complete = new Promise((resolve) => cdp.once('Tracing.tracingComplete', resolve));
  await cdp.send('Tracing.end');
  await complete;
  cdp.off('Tracing.dataCollected', collect);
  return frameTimes(events);
}

/** Turns the wheel over the largest chart, in and out, and drags. */
async function zoom(page: Page): Promise<void> {
  const box = await page.locator('canvas').first().boundingBox();
  if (box === null) throw new Error('there is no chart');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (const by of [-120, -120, -120, -120, 120, 120, 120, 120, -120, -120]) {
    await page.mouse.wheel(0, by);
    await page.waitForTimeout(100);
  }
  for (let x = 0; x < 40; x += 1) await page.mouse.move(box.x + 100 + x * 10, box.y + 100);
}

/** Share of one core, and of what, while nothing happens. */
async function idle(cdp: CDPSession): Promise<{ readonly idle_cpu_percent: number }> {
  await pause(2_000);
  const before = await metric(cdp, 'TaskDuration');
  await pause(idleMs);
  const busy = (await metric(cdp, 'TaskDuration')) - before;
  return { idle_cpu_percent: Number(((busy * 100_000) / idleMs).toFixed(3)) };
}

async function metric(cdp: CDPSession, name: string): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return metrics.find((each) => each.name === name)?.value ?? Number.NaN;
}

interface MemoryAt {
  readonly minute: number;
  readonly heap_mib: number;
  readonly nodes: number;
}

/** What is left after a collection, as the updates of so many minutes come (ten a second), ten times as fast. */
async function memory(page: Page, cdp: CDPSession, until: number): Promise<readonly MemoryAt[]> {
  const all: MemoryAt[] = [];
  for (let minute = 0; minute <= until; minute += 1) {
    if (minute > 0) await feed.run(page, longRun, { from: steps + minute * 600, perSecond: 100, seconds: 6 });
    await cdp.send('HeapProfiler.collectGarbage');
    const [heap, nodes] = [await metric(cdp, 'JSHeapUsedSize'), await metric(cdp, 'Nodes')];
    all.push({ minute, heap_mib: Number((heap / 2 ** 20).toFixed(1)), nodes });
  }
  return all;
}

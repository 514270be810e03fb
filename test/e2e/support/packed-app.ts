/** The packed app: made by the release's own configuration, started as a user starts it, driven over its debugging port (its inspector is switched off). */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { chromium, type Browser, type Page } from 'playwright-core';
import { projectRoot } from '../../../main/app/electron-runtime.js';
import { ensureBuilt } from '../../../main/cli/build-page.js';
import { until } from './app-under-test.ts';

/**
 * Only which Electron goes in is another than the release's, since that one cannot be had everywhere. Resolves to the folder with the program in it.
 * `targets`: which packages are made of it as well, little compressed.
 */
export async function pack(electron: string, output: string, targets: readonly string[] = ['dir']): Promise<string> {
  await ensureBuilt('page', { log: () => undefined });
  await ensureBuilt('app', { log: () => undefined });
  const builder = join(projectRoot, 'main', 'cli', 'package-app.js');
  const changed = [`-c.electronDist=${electron}`, '-c.electronVersion=33.2.1', `-c.directories.output=${output}`];
  const env = { ...process.env, ELECTRON_BUILDER_COMPRESSION_LEVEL: '1' };
  await promisify(execFile)(process.execPath, [builder, '--linux', ...targets, ...changed], { cwd: projectRoot, env, timeout: 20 * 60_000 });
  return join(output, 'linux-unpacked');
}

export const packedProgram = (folder: string): string => join(folder, 'lathe-desktop');

export class PackedApp {
  readonly process: ChildProcess;
  readonly browser: Browser;
  readonly page: Page;

  private constructor(child: ChildProcess, browser: Browser, page: Page) {
    this.process = child;
    this.browser = browser;
    this.page = page;
  }

  /** Resolves when its page is there and has its bridge. */
  static async start(folder: string, environment: Readonly<Record<string, string>>): Promise<PackedApp> {
    const args = ['--remote-debugging-port=0', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];
    const child = spawn(packedProgram(folder), args, { env: { ...process.env, NODE_OPTIONS: '', ...environment }, stdio: ['ignore', 'ignore', 'pipe'] });
    try {
      const browser = await chromium.connectOverCDP(await whenShown(await debuggingAddress(child)));
      const page = await until(() => Promise.resolve(browser.contexts()[0]?.pages()[0] ?? null));
      await until(() => page.evaluate(() => ('lathe' in globalThis ? true : null)));
      return new PackedApp(child, browser, page);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  call<Result>(name: string, input: unknown): Promise<Result> {
    return this.page.evaluate(
      async ([asked, given]) => {
        const { lathe } = globalThis as unknown as { lathe: { call(name: string, input: unknown): Promise<{ value: unknown; error?: unknown }> } };
        const answer = await lathe.call(asked, given);
        if (answer.error !== undefined) throw new Error(JSON.stringify(answer.error));
        return answer.value;
      },
      [name, input] as const,
    ) as Promise<Result>;
  }

  /** As a signal of the system ends it: in good order. */
  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill('SIGTERM');
      await ended;
    }
    await this.browser.close();
  }
}

/** The address again, once the page is there: a window that opened while the driver attaches may stay without an answer. */
async function whenShown(address: string): Promise<string> {
  const list = `http://${new URL(address).host}/json/list`;
  await until(async () => {
    const targets = (await (await fetch(list)).json()) as readonly { url: string; title: string }[];
    return targets.some(({ url, title }) => url.startsWith('lathe-app:') && title.includes('Lathe') && !title.includes(':')) ? true : null;
  });
  return address;
}

function debuggingAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (child.stderr === null) return reject(new Error('its words are not heard'));
    createInterface({ input: child.stderr }).on('line', (line) => {
      const address = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.on('exit', (code) => reject(new Error(`it ended with ${String(code)} before it could be driven`)));
  });
}

/** The app in a real Electron under a display of its own, driven from outside. */
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import type { Answer } from '../../../shared/contracts/answer.ts';
import type { InputOf, CallName, OutputOf } from '../../../shared/contracts/calls.ts';
import { ensureBuilt } from '../../../main/cli/build-page.js';
import { findNode24 } from '../../../main/cli/node24.js';
import { appStart, canRunCore, projectRoot } from '../../../main/app/electron-runtime.js';

export interface Stage {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  close(): void;
}

/** Builds the app, and sets up what it runs in. */
export async function setStage(runtime: string): Promise<Stage> {
  await ensureBuilt('page', { log: () => undefined });
  await ensureBuilt('app', { log: () => undefined });
  const folder = join(projectRoot, 'node_modules', '.cache', `electron-${process.pid}`);
  const { program, args } = appStart(runtime, { cache: folder, app: writeGatedApp(join(folder, 'gated')) });
  const screen = await openDisplay();
  const isRoot = process.getuid?.() === 0;
  return {
    program,
    args: [...args, ...(isRoot ? ['--no-sandbox'] : [])],
    environment: { DISPLAY: screen.display, ...(canRunCore(runtime) ? {} : { LATHE_NODE: findNode24() ?? process.execPath }) },
    close: () => {
      screen.process?.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * The app behind a gate: it is ready when the driver says so. A window that opened while the driver attaches to the process would stay without an answer
 * now and then.
 */
function writeGatedApp(folder: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'lathe', version: '0.1.0', type: 'module', main: 'main.js' }));
  const gate = [
    "import { app } from 'electron';",
    'const whenReady = app.whenReady.bind(app);',
    'const gate = new Promise((open) => (globalThis.openGate = open));',
    'app.whenReady = () => gate.then(whenReady);',
  ];
  writeFileSync(join(folder, 'gate.js'), gate.join('\n'));
  writeFileSync(join(folder, 'main.js'), `import './gate.js';\nimport ${JSON.stringify(pathToFileURL(join(projectRoot, 'dist', 'app', 'main.js')).href)};\n`);
  return folder;
}

interface Display {
  readonly display: string;
  readonly process: ChildProcess | null;
}

function openDisplay(): Promise<Display> {
  const own = process.env['DISPLAY'];
  if (own !== undefined && own !== '') return Promise.resolve({ display: own, process: null });
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    (server.stdio[3] as Readable).once('data', (number: Buffer) => resolve({ display: `:${number.toString().trim()}`, process: server }));
  });
}

export class AppUnderTest {
  readonly app: ElectronApplication;
  readonly process: ChildProcess;
  readonly home: string;

  private constructor(app: ElectronApplication, home: string) {
    this.app = app;
    this.process = app.process();
    this.home = home;
  }

  static async start(stage: Stage, home: string, environment: Readonly<Record<string, string>> = {}): Promise<AppUnderTest> {
    const env = Object.fromEntries(Object.entries({ ...process.env, ...stage.environment, LATHE_HOME: home, NODE_OPTIONS: '', ...environment }));
    const app = await _electron.launch({ executablePath: stage.program, args: [...stage.args], env, timeout: 60_000 });
    await app.evaluate(() => (globalThis as unknown as { openGate(): void }).openGate());
    return new AppUnderTest(app, home);
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** The first window, its page loaded. */
  async page(): Promise<Page> {
    const page = this.app.windows()[0] ?? (await this.app.firstWindow());
    await page.waitForFunction(() => 'lathe' in globalThis && document.readyState === 'complete');
    return page;
  }

  /** Through the bridge, as the page itself does. */
  async call<N extends CallName>(name: N, input: InputOf<N>): Promise<OutputOf<N>> {
    const answer = await this.answer(name, input);
    if (!answer.ok) throw new Error(`${name}: ${JSON.stringify(answer.error)}`);
    return answer.value as OutputOf<N>;
  }

  async answer(name: string, input: unknown): Promise<Answer> {
    const page = await this.page();
    return page.evaluate(([asked, given]) => (window as unknown as BridgedWindow).lathe.call(asked, given), [name, input] as const);
  }

  /** A run of the embedded model that takes a while. */
  async startRun(maxSteps: number): Promise<string> {
    const data = { path: join(projectRoot, 'resources', 'datasets', 'support-routing', 'train.jsonl') };
    const { run } = await this.call('runs.start', { config: { model: 'lathe-base', data, training: { max_steps: maxSteps, save_steps: 5 } } });
    return run;
  }

  /** Resolves with the state that `is` accepts. */
  async untilRun(run: string, is: (state: { state: string; step: number }) => boolean, timeoutMs = 60_000): Promise<{ state: string; step: number }> {
    return until(async () => {
      const status = await this.call('runs.status', { run });
      return is(status) ? status : null;
    }, timeoutMs);
  }

  /** As the user's quit, without runs. */
  async close(): Promise<void> {
    await this.app.close();
  }

  /** At once, as a power cut would; what it started ends with it. Nothing where it has ended. */
  async kill(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = this.ended();
    this.process.kill('SIGKILL');
    await ended;
  }

  ended(): Promise<unknown> {
    return new Promise((resolve) => this.process.once('exit', resolve));
  }
}

interface BridgedWindow {
  readonly lathe: { call(name: string, input: unknown): Promise<Answer> };
}

/** Asks until there is an answer. */
const answerMs = 2_000;

export async function until<Result>(ask: () => Promise<Result | null>, timeoutMs = 30_000): Promise<Result> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    // Asked of a page that has just died, nobody ever answers.
    const result = await Promise.race([ask().catch(() => null), pause(answerMs).then(() => null)]);
    if (result !== null) return result;
    if (performance.now() > deadline) throw new Error(`nothing in ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

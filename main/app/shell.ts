/** The shell put together: windows, the core and what stands between them. It holds no data of its own; what it knows of runs it asks the core like a page. */
import { app, dialog, nativeTheme, Notification, powerMonitor, powerSaveBlocker, safeStorage, shell as system } from 'electron';
import { dirname, join } from 'node:path';
import type { Run } from '../../shared/contracts/run-calls.ts';
import type { FromCoreProcess } from '../../shared/contracts/shell-link.ts';
import { shellChannels } from '../../shared/contracts/shell-channels.ts';
import { ChooseFiles, ChooseTarget, SealSecret, ShownPath, Theme } from '../../shared/contracts/shell-requests.ts';
import type { AppError } from '../../shared/errors/app-error.ts';
import type { LogFile, Logger } from '../platform/logger.ts';
import type { Paths } from '../platform/paths.ts';
import { CoreChildren } from './core-children.ts';
import { CoreKeeper } from './core-keeper.ts';
import { startCore } from './core-process.ts';
import { chooseFiles, chooseTarget, showInFolder } from './dialogs.ts';
import { setMenu } from './menu.ts';
import { OwnClient, ownPage } from './own-client.ts';
import { answer, hear } from './page-ipc.ts';
import { PageLines } from './page-lines.ts';
import { places } from './places.ts';
import { Quitting } from './quitting.ts';
import { BenchmarkWatch } from './benchmark-watch.ts';
import { RunWatch } from './run-watch.ts';
import { SafeKeys } from './safe-keys.ts';
import { sealSecret } from './seal-secret.ts';
import { benchmarkEndOf, dropOf, endOf, words } from './texts.ts';
import { RunTray } from './tray.ts';
import { newerVersion } from './update-check.ts';
import { utilityTransport } from './utility-transport.ts';
import { WindowMemory } from './window-memory.ts';
import { Windows } from './windows.ts';

const dayMs = 24 * 60 * 60_000;

export interface ShellParts {
  readonly paths: Paths;
  readonly logFile: LogFile;
}

export class Shell {
  readonly #parts: ShellParts;
  readonly #log: Logger;
  readonly #memory: WindowMemory;
  readonly #windows: Windows;
  readonly #core: CoreKeeper;
  readonly #children: CoreChildren;
  readonly #lines: PageLines;
  readonly #client: OwnClient;
  readonly #runs: RunWatch;
  readonly #quitting: Quitting;
  readonly #keys: SafeKeys;
  readonly #benchmarks: BenchmarkWatch;
  #tray: RunTray | null = null;
  #isOwnCore = false;
  #keepsAwake = true;
  #blocker: number | null = null;

  constructor(parts: ShellParts) {
    const log = parts.logFile.log.child('shell');
    this.#parts = parts;
    this.#log = log;
    this.#memory = new WindowMemory(join(app.getPath('userData'), 'window.json'));
    this.#keys = new SafeKeys(join(app.getPath('userData'), 'keys.json'), safeStorage);
    this.#windows = new Windows({ memory: this.#memory, log });
    this.#lines = new PageLines(() => this.#core);
    this.#children = new CoreChildren({
      transport: utilityTransport({ serviceName: 'Lathe compute' }),
      entries: places.computeEntries,
      tell: (message) => this.#core.send(message),
    });
    this.#runs = new RunWatch({ onChange: () => this.#runsChanged(), onEnded: (run) => this.#tellEnd(run) });
    this.#benchmarks = new BenchmarkWatch((run) => this.#notify(benchmarkEndOf(run)));
    this.#client = new OwnClient({
      send: (message) => this.#core.send({ kind: 'page-says', page: ownPage, message }),
      onHello: () => void this.#catchUp(),
      onEvent: (event) => {
        this.#runs.hear(event);
        this.#benchmarks.hear(event);
        if (event.event === 'benchmark.dropped') this.#notify(dropOf(event.data.drops));
      },
    });
    this.#core = new CoreKeeper({
      log,
      logPath: parts.logFile.path,
      start: (listener) => startCore(places.coreEntry, listener),
      onMessage: (message) => this.#hearCore(message),
      onStart: () => this.#connect(),
      onLost: () => this.#lose(),
      onGiveUp: (error) => void this.#giveUp(error),
    });
    this.#quitting = new Quitting({
      windows: this.#windows,
      runs: this.#runs,
      endCore: (timeoutMs) => this.#core.quit(timeoutMs),
      isOwnCore: () => this.#isOwnCore,
      log,
    });
  }

  /** The app is ready. */
  begin(): void {
    nativeTheme.themeSource = this.#memory.theme;
    this.#answerPages();
    this.#core.start();
    setMenu({
      command: (command) => this.#windows.command(command),
      newWindow: () => void this.#windows.open(),
      showLogs: () => void system.openPath(dirname(this.#parts.logFile.path())),
    });
    this.#windows.open();
    this.#tray = new RunTray({ log: this.#log, show: () => this.show(), showRun: (run) => this.#windows.showRun(run) });
    this.#quitting.begin();
    this.#watchPower();
    setInterval(() => void this.#checkForUpdate(), dayMs);
  }

  /** A second start, a click in the dock. */
  show(): void {
    this.#windows.show();
  }

  #answerPages(): void {
    const { home } = this.#parts.paths;
    hear(shellChannels.connect, (page) => this.#lines.connect(page));
    answer(shellChannels.chooseFiles, ChooseFiles, chooseFiles);
    answer(shellChannels.chooseTarget, ChooseTarget, chooseTarget);
    answer(shellChannels.showInFolder, ShownPath, (path) => showInFolder(path, home));
    const sealing = { keys: this.#keys, log: this.#log, logPath: this.#parts.logFile.path };
    answer(shellChannels.sealSecret, SealSecret, (given) => sealSecret(given, sealing));
    answer(shellChannels.setTheme, Theme, (theme) => {
      nativeTheme.themeSource = theme;
      this.#memory.keep({ theme });
    });
  }

  #connect(): void {
    this.#core.send({ kind: 'page', page: ownPage, handed: false });
    this.#lines.connectAll();
  }

  #lose(): void {
    this.#children.killAll();
    this.#client.lose();
    this.#lines.lose();
    this.#runs.reset([]);
  }

  #hearCore(message: FromCoreProcess): void {
    switch (message.kind) {
      case 'ready':
        this.#isOwnCore = message.isOwn;
        this.#log.info('the core is ready', { isOwn: message.isOwn, pid: this.#core.pid ?? null });
        return;
      case 'page-hears':
        if (message.page === ownPage) this.#client.hear(message.message);
        else this.#lines.pass(message.page, message.message);
        return;
      case 'failed':
        // Its end follows, and is dealt with there.
        return;
      case 'key-get':
      case 'key-set':
        return this.#core.send(this.#keys.answer(message));
      case 'end-asked':
        return void this.#quitting.quitAtOnce();
      default:
        return this.#children.obey(message);
    }
  }

  /** What stands now; events tell the rest. */
  async #catchUp(): Promise<void> {
    try {
      const [{ runs }, scoring, { values }] = await Promise.all([
        this.#client.call('runs.list', { state: ['queued', 'running', 'paused', 'stopping'], limit: 1_000 }),
        this.#client.call('benchmarks.list', { state: ['queued', 'running'], limit: 1_000 }),
        this.#client.call('settings.list', {}),
      ]);
      this.#keepsAwake = values.keep_awake;
      this.#runs.reset(runs);
      this.#benchmarks.reset(scoring.runs);
      await this.#checkForUpdate();
    } catch (error) {
      this.#log.warn('the core does not say what runs', { problem: error instanceof Error ? error.message : String(error) });
    }
  }

  #runsChanged(): void {
    const { active, queuedCount } = this.#runs;
    this.#tray?.update(active, queuedCount);
    const holds = this.#keepsAwake && this.#isOwnCore && active.length > 0;
    if (holds) this.#blocker ??= powerSaveBlocker.start('prevent-app-suspension');
    else if (this.#blocker !== null) {
      powerSaveBlocker.stop(this.#blocker);
      this.#blocker = null;
    }
    this.#quitting.runsChanged();
  }

  #tellEnd(run: Run): void {
    if (this.#quitting.isQuitting || !Notification.isSupported()) return;
    const notification = new Notification(endOf(run));
    notification.on('click', () => this.#windows.showRun(run.run));
    notification.show();
  }

  /** null: nothing. */
  #notify(said: { readonly title: string; readonly body: string } | null): void {
    if (said === null || this.#quitting.isQuitting || !Notification.isSupported()) return;
    const notification = new Notification(said);
    notification.on('click', () => this.show());
    notification.show();
  }

  async #giveUp(error: AppError): Promise<void> {
    this.#log.error('there is no core', { code: error.code, problem: error.message });
    const buttons = [words.tryAgain, words.quit];
    const { response } = await dialog.showMessageBox({
      type: 'error',
      message: words.coreMissing,
      detail: `${error.message}. ${error.remedy}`,
      buttons,
      cancelId: 1,
    });
    if (response === 0) this.#core.start();
    else app.quit();
  }

  /** Linux tells the core itself. */
  #watchPower(): void {
    if (process.platform === 'linux') return;
    const tell = (): void => this.#core.send({ kind: 'power', source: powerMonitor.isOnBatteryPower() ? 'battery' : 'mains' });
    powerMonitor.on('on-battery', tell);
    powerMonitor.on('on-ac', tell);
    tell();
  }

  async #checkForUpdate(): Promise<void> {
    const { values } = await this.#client.call('settings.list', {});
    if (values.update_url === '') return;
    const version = await newerVersion(values.update_url, app.getVersion());
    if (version !== null && Notification.isSupported())
      new Notification({ title: words.newerVersion(version), body: words.thisVersion(app.getVersion()) }).show();
  }
}

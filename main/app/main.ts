/** The shell's entry: one app a LATHE_HOME, locked down before the first page is loaded. */
import { app, crashReporter } from 'electron';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hasLinuxAmx } from '../platform/hardware.ts';
import { openLogFile } from '../platform/logger.ts';
import { findPaths } from '../platform/paths.ts';
import { lockDownContents, lockDownSession } from './lock-down.ts';
import { announceScheme, servePage } from './page-scheme.ts';
import { places } from './places.ts';
import { Shell } from './shell.ts';

const paths = findPaths();
app.setName('Lathe');
// Cookies there are none; window sizes, caches and crash dumps go where everything of this LATHE_HOME is.
app.setPath('userData', join(paths.home, 'window'));
app.setPath('crashDumps', join(paths.logs, 'crashes'));
// Its handlers cost every process on Linux the right to use AMX, without which training takes several times as long.
if (!hasLinuxAmx()) crashReporter.start({ uploadToServer: false });
// Root is refused one by the system; whoever starts it so asks for none (and every window has `sandbox` set besides).
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
// Without a device the browser tries one all the same, and a page's process now and then waits for it for ever.
if (process.platform === 'linux' && !existsSync('/dev/dri')) app.commandLine.appendSwitch('disable-gpu');
announceScheme();
lockDownContents();

async function begin(): Promise<void> {
  const logFile = openLogFile(paths.logs);
  await app.whenReady();
  lockDownSession();
  servePage(places.page);
  const shell = new Shell({ paths, logFile });
  app.on('second-instance', () => shell.show());
  app.on('activate', () => shell.show());
  shell.begin();
}

// Never awaited at the top: the launch would wait for this file, and this file for the launch.
if (app.requestSingleInstanceLock()) void begin();
else app.quit();

/** What the app asked of the desktop around it, written down in Electron's main process: no display server of a test shows a tray, a notification or a file manager. */
import type { ElectronApplication } from 'playwright-core';

interface Asked {
  readonly trayTitles: string[];
  /** Labels of the tray's menu as it was set last. */
  trayMenu: string[];
  readonly notifications: { readonly title: string; readonly body: string }[];
  /** Blockers that were begun, and which of them hold. */
  readonly blockers: { readonly kind: string; readonly id: number; isHeld: boolean }[];
  readonly shownInFolder: string[];
}

interface Watched {
  readonly asked: Asked;
  /** Clicks an entry of the tray's menu. */
  clickTray(label: string): void;
  clickNotification(index: number): void;
}

const watched = 'latheAsked';

/** From now on. Everything goes on to the system all the same, but for notifications, which need a service that listens. */
export const watchSystem = (app: ElectronApplication): Promise<void> =>
  app.evaluate(({ Tray, Notification, powerSaveBlocker, shell }, name) => {
    const asked: Asked = { trayTitles: [], trayMenu: [], notifications: [], blockers: [], shownInFolder: [] };
    let menu: Electron.Menu | null = null;
    const shown: Electron.Notification[] = [];
    const { setToolTip, setContextMenu } = Tray.prototype as unknown as {
      readonly setToolTip: (this: Electron.Tray, title: string) => void;
      readonly setContextMenu: (this: Electron.Tray, menu: Electron.Menu | null) => void;
    };
    Tray.prototype.setToolTip = function (this: Electron.Tray, title) {
      asked.trayTitles.push(title);
      setToolTip.call(this, title);
    };
    Tray.prototype.setContextMenu = function (this: Electron.Tray, next) {
      menu = next;
      asked.trayMenu = next?.items.map(({ label, type }) => (type === 'separator' ? '-' : label)) ?? [];
      setContextMenu.call(this, next);
    };
    Notification.isSupported = () => true;
    Notification.prototype.show = function (this: Electron.Notification) {
      shown.push(this);
      asked.notifications.push({ title: this.title, body: this.body });
    };
    const start: typeof powerSaveBlocker.start = powerSaveBlocker.start.bind(powerSaveBlocker);
    const stop: typeof powerSaveBlocker.stop = powerSaveBlocker.stop.bind(powerSaveBlocker);
    powerSaveBlocker.start = (kind) => {
      const id = start(kind);
      asked.blockers.push({ kind, id, isHeld: powerSaveBlocker.isStarted(id) });
      return id;
    };
    powerSaveBlocker.stop = (id) => {
      const was = stop(id);
      for (const blocker of asked.blockers) if (blocker.id === id) blocker.isHeld = powerSaveBlocker.isStarted(id);
      return was;
    };
    shell.showItemInFolder = (path) => void asked.shownInFolder.push(path);
    const all: Watched = {
      asked,
      clickTray: (label) => void menu?.items.find((item) => item.label === label)?.click(),
      clickNotification: (index) => void shown[index]?.emit('click'),
    };
    Object.assign(globalThis, { [name]: all });
  }, watched);

export const askedOfSystem = (app: ElectronApplication): Promise<Asked> =>
  app.evaluate((_, name) => (globalThis as unknown as Record<string, Watched>)[name]?.asked as Asked, watched);

export const clickTray = (app: ElectronApplication, label: string): Promise<void> =>
  app.evaluate((_, [name, given]) => (globalThis as unknown as Record<string, Watched>)[name]?.clickTray(given), [watched, label] as const);

export const clickNotification = (app: ElectronApplication, index: number): Promise<void> =>
  app.evaluate((_, [name, given]) => (globalThis as unknown as Record<string, Watched>)[name]?.clickNotification(given), [watched, index] as const);

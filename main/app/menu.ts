/** The menus, with each platform's own shortcuts. */
import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { ShellCommand } from '../../shared/contracts/page-bridge.ts';

export interface MenuActions {
  readonly command: (command: ShellCommand) => void;
  readonly newWindow: () => void;
  readonly showLogs: () => void;
}

type Item = MenuItemConstructorOptions;
const line: Item = { type: 'separator' };

/** Plain data, so that it can be looked at. */
export function menuTemplate({ command, newWindow, showLogs }: MenuActions, { isMac, isPackaged }: { isMac: boolean; isPackaged: boolean }): Item[] {
  const says = (label: string, accelerator: string, what: ShellCommand): Item => ({ label, accelerator, click: () => command(what) });
  const settings = says('Settings…', 'CommandOrControl+,', 'settings');
  const appMenu: Item = {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      line,
      settings,
      line,
      { role: 'services' },
      line,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      line,
      { role: 'quit' },
    ],
  };
  const file: Item = {
    label: '&File',
    submenu: [
      says('New Run…', 'CommandOrControl+N', 'new-run'),
      { label: 'New Window', accelerator: 'CommandOrControl+Shift+N', click: newWindow },
      line,
      ...(isMac ? [] : [settings, line]),
      { role: 'close' },
      ...(isMac ? [] : [{ role: 'quit', accelerator: 'Control+Q' } as Item]),
    ],
  };
  const edit: Item = {
    label: '&Edit',
    submenu: [
      ...([{ role: 'undo' }, { role: 'redo' }, line, { role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }, line] satisfies Item[]),
      says('Find…', 'CommandOrControl+F', 'find'),
    ],
  };
  const view: Item = {
    label: '&View',
    submenu: [
      says('Go to Anything…', 'CommandOrControl+K', 'palette'),
      line,
      says('Back', isMac ? 'Command+[' : 'Alt+Left', 'back'),
      says('Forward', isMac ? 'Command+]' : 'Alt+Right', 'forward'),
      line,
      ...([{ role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }, line, { role: 'togglefullscreen' }] satisfies Item[]),
      ...(isPackaged ? [] : ([line, { role: 'reload' }, { role: 'toggleDevTools' }] satisfies Item[])),
    ],
  };
  const help: Item = { role: 'help', submenu: [says('Lathe Help', 'F1', 'help'), { label: 'Show Logs', click: showLogs }] };
  return [...(isMac ? [appMenu] : []), file, edit, view, { role: 'windowMenu' }, help];
}

export const setMenu = (actions: MenuActions): void =>
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(actions, { isMac: process.platform === 'darwin', isPackaged: app.isPackaged })));

import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import type { ShellCommand } from '../../shared/contracts/page-bridge.ts';
import { menuTemplate } from './menu.ts';

// What is tested is plain data; the menus themselves are the system's.
vi.mock('electron', () => ({ app: {}, Menu: {} }));

const actions = () => ({ command: vi.fn<(command: ShellCommand) => void>(), newWindow: vi.fn(), showLogs: vi.fn() });
const itemsOf = (menus: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
  menus.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
const press = (items: readonly MenuItemConstructorOptions[], label: string): void =>
  (items.find((item) => item.label === label)?.click as (() => void) | undefined)?.();

describe.each([
  ['a Mac', true],
  ['another system', false],
])('the menus of %s', (_, isMac) => {
  it('say every command of the page', () => {
    const given = actions();
    const items = itemsOf(menuTemplate(given, { isMac, isPackaged: true }));
    for (const label of ['New Run…', 'Settings…', 'Find…', 'Go to Anything…', 'Back', 'Forward', 'Lathe Help']) press(items, label);
    expect(given.command.mock.calls.flat()).toEqual(['new-run', 'settings', 'find', 'palette', 'back', 'forward', 'help'] satisfies ShellCommand[]);
    press(items, 'New Window');
    press(items, 'Show Logs');
    expect([given.newWindow.mock.calls.length, given.showLogs.mock.calls.length]).toEqual([1, 1]);
  });

  it('have each shortcut once, and each thing once', () => {
    const items = itemsOf(menuTemplate(actions(), { isMac, isPackaged: false }));
    for (const key of ['accelerator', 'label', 'role'] as const) {
      const all = items.flatMap((item) => item[key] ?? []);
      expect(all.toSorted()).toEqual([...new Set(all)].toSorted());
    }
    expect(items.filter(({ role }) => role === 'quit')).toHaveLength(1);
  });

  it('let nobody look inside a packed app', () => {
    const roles = (isPackaged: boolean) => itemsOf(menuTemplate(actions(), { isMac, isPackaged })).map(({ role }) => role);
    expect(roles(false)).toContain('toggleDevTools');
    expect(roles(true)).not.toContain('toggleDevTools');
    expect(roles(true)).not.toContain('reload');
  });
});

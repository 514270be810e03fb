/** The system's dialogs, and which paths came out of them. */
import { BrowserWindow, dialog, shell, type OpenDialogOptions, type SaveDialogOptions, type WebContents } from 'electron';
import { relative, resolve, isAbsolute, sep } from 'node:path';
import type { ChooseFiles, ChooseTarget } from '../../shared/contracts/shell-requests.ts';
import { words } from './texts.ts';

/** Chosen by the user since the app began: these may be shown in the file manager. */
const chosen = new Set<string>();

/** A page lives in a window; a dialog without one is none of a page. */
function windowOf(page: WebContents): Electron.BrowserWindow {
  const window = BrowserWindow.fromWebContents(page);
  if (window === null) throw new Error('the page has no window any more');
  return window;
}

export async function chooseFiles({ title, kind, many = false, filters }: ChooseFiles, page: WebContents): Promise<readonly string[]> {
  const properties = await propertiesFor(kind, page);
  if (properties === null) return [];
  const options: OpenDialogOptions = {
    title,
    properties: many ? [...properties, 'multiSelections'] : properties,
    ...(filters === undefined ? {} : { filters }),
  };
  const { canceled, filePaths } = await dialog.showOpenDialog(windowOf(page), options);
  if (canceled) return [];
  filePaths.forEach((path) => chosen.add(resolve(path)));
  return filePaths;
}

type Properties = NonNullable<OpenDialogOptions['properties']>;

/** Only macOS has one dialog for both; elsewhere the user says first which it is. null: neither. */
async function propertiesFor(kind: ChooseFiles['kind'], page: WebContents): Promise<Properties | null> {
  const [file, folder] = [['openFile'], ['openDirectory', 'createDirectory']] satisfies [Properties, Properties];
  if (kind === 'file') return file;
  if (kind === 'folder') return folder;
  if (process.platform === 'darwin') return ['openFile', 'openDirectory'];
  const question = { message: `${words.file} / ${words.folder}`, buttons: [words.file, words.folder, words.cancel], cancelId: 2, noLink: true };
  const { response } = await dialog.showMessageBox(windowOf(page), question);
  return [file, folder, null][response] ?? null;
}

export async function chooseTarget({ title, name, filters }: ChooseTarget, page: WebContents): Promise<string | null> {
  const options: SaveDialogOptions = {
    title,
    defaultPath: name,
    properties: ['createDirectory', 'showOverwriteConfirmation'],
    ...(filters === undefined ? {} : { filters }),
  };
  const { canceled, filePath } = await dialog.showSaveDialog(windowOf(page), options);
  if (canceled || filePath === '') return null;
  chosen.add(resolve(filePath));
  return filePath;
}

const isInside = (path: string, folder: string): boolean => {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
};

/** Only what lies in `home`, or in or at what was chosen. */
export function mayShow(path: string, home: string): boolean {
  const real = resolve(path);
  return isAbsolute(path) && (isInside(real, home) || [...chosen].some((each) => isInside(real, each)));
}

export function showInFolder(path: string, home: string): void {
  if (mayShow(path, home)) shell.showItemInFolder(resolve(path));
}

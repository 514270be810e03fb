/** What the preload script gives the page as `window.lathe`: the core's calls and events, and the few things that only the shell can do. */
import type { Answer } from './answer.ts';

/** What a menu, the tray or a shortcut of the system asks of the page. */
export const shellCommands = ['new-run', 'palette', 'settings', 'help', 'find', 'back', 'forward'] as const;
export type ShellCommand = (typeof shellCommands)[number];

/** How the core stands: `lost` while one that died is being replaced. */
export type CoreConnection = 'open' | 'lost';

export interface FileFilter {
  readonly name: string;
  /** Without dots. */
  readonly extensions: readonly string[];
}

export interface ChooseFiles {
  readonly title: string;
  readonly kind: 'file' | 'folder' | 'file-or-folder';
  readonly many?: boolean;
  readonly filters?: readonly FileFilter[];
}

export interface ChooseTarget {
  readonly title: string;
  /** Name proposed; for a folder, the folder to make. */
  readonly name: string;
  readonly filters?: readonly FileFilter[];
}

export interface PageBridge {
  /** Never rejects: what went wrong is in the answer. */
  call(name: string, input: unknown): Promise<Answer>;
  /** Each returns what ends it. */
  onEvent(listener: (event: string, data: unknown) => void): () => void;
  onConnection(listener: (state: CoreConnection) => void): () => void;
  onCommand(listener: (command: ShellCommand) => void): () => void;
  /** A notification or the tray was clicked: the page shows that run. */
  onOpenRun(listener: (run: string) => void): () => void;
  /** Absolute paths; empty where the user changed their mind. */
  chooseFiles(request: ChooseFiles): Promise<readonly string[]>;
  chooseTarget(request: ChooseTarget): Promise<string | null>;
  /** Absolute path of a file that was dropped on the page. Typed loosely, since this file knows no DOM. */
  pathOf(file: unknown): string;
  /** Shows a path in the system's file manager. Only what lies in LATHE_HOME or was chosen in a dialog. */
  showInFolder(path: string): Promise<void>;
  /** The system's theme follows: `system`, `light`, `dark`. */
  setTheme(theme: 'system' | 'light' | 'dark'): Promise<void>;
  /** Seals a secret as `secrets.put` takes it (`sealed`, `lock`), so that the core never sees it. Never rejects. Typed loosely: what is checked is in shell-requests.ts. */
  sealSecret(request: { readonly name: string; readonly value: string; readonly lock: unknown; readonly passphrase: string | null }): Promise<Answer>;
  /** Versions of the shell, for "about". */
  readonly versions: { readonly electron: string; readonly chrome: string; readonly node: string };
  readonly platform: string;
}

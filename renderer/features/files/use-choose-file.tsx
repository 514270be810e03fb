/** Asks for a file or folder of the machine that the core runs on: by the system's dialog in the window, by our own in a browser. */
import { useCallback, useState, type ReactNode } from 'react';
import { useCore } from '../../bridge/core-context.tsx';
import { FileDialog } from './file-dialog.tsx';
import { shellRequest, type FileKind } from './file-kinds.ts';

interface Asked {
  readonly kind: FileKind;
  readonly answer: (path: string | null) => void;
}

export interface ChooseFile {
  /** An absolute path; null where the user changed their mind. */
  readonly chooseFile: (kind: FileKind) => Promise<string | null>;
  /** To be drawn by whoever asks. */
  readonly dialog: ReactNode;
}

export function useChooseFile(): ChooseFile {
  const { shell } = useCore();
  const [asked, ask] = useState<Asked | null>(null);
  const chooseFile = useCallback(
    async (kind: FileKind): Promise<string | null> => {
      if (shell !== null) return (await shell.chooseFiles(shellRequest(kind)))[0] ?? null;
      return new Promise((answer) => ask({ kind, answer }));
    },
    [shell],
  );
  const end = (path: string | null): void => {
    asked?.answer(path);
    ask(null);
  };
  return { chooseFile, dialog: asked !== null && <FileDialog kind={asked.kind} onChoose={end} onClose={() => end(null)} /> };
}

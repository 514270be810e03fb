/** Chooses a file or folder in a browser, which knows none of the paths of the machine that the core runs on. */
import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { TextField } from '../../components/field.tsx';
import { texts } from '../../texts/texts.ts';
import type { FileKind } from './file-kinds.ts';
import { isWholePath } from './whole-path.ts';

const words = texts.files;

interface FileDialogProps {
  readonly kind: FileKind;
  readonly onChoose: (path: string) => void;
  readonly onClose: () => void;
}

export function FileDialog({ kind, onChoose, onClose }: FileDialogProps) {
  const [path, setPath] = useState('');
  const isWhole = isWholePath(path.trim());
  return (
    <Dialog
      wide
      isOpen
      title={words.titles[kind]}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{texts.actions.cancel}</Button>
          <Button look="primary" isDisabled={!isWhole} onPress={() => onChoose(path.trim())}>
            {words.choose}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isWhole) onChoose(path.trim());
        }}
      >
        <TextField
          label={words.path}
          help={words.hints[kind]}
          problem={path.trim() === '' || isWhole ? null : words.pathProblem}
          value={path}
          onChange={setPath}
          mono
          autoFocus
        />
      </form>
    </Dialog>
  );
}

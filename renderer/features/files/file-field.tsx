/** A field for the path of a file, which may be written or chosen. */
import { TextField } from '../../components/field.tsx';
import { Button } from '../../components/button.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './files.module.css';
import type { FileKind } from './file-kinds.ts';
import { useChooseFile } from './use-choose-file.tsx';

interface FileFieldProps {
  readonly label: string;
  readonly help?: string;
  readonly problem?: string | null;
  readonly placeholder?: string;
  readonly kind: FileKind;
  /** Empty: none. */
  readonly value: string;
  readonly onChange: (path: string) => void;
}

export function FileField({ kind, onChange, ...field }: FileFieldProps) {
  const { chooseFile, dialog } = useChooseFile();
  const browse = async (): Promise<void> => {
    const path = await chooseFile(kind);
    if (path !== null) onChange(path);
  };
  return (
    <div className={styles['field']}>
      <TextField {...field} onChange={onChange} />
      <Button onPress={() => void browse()} aria-label={`${texts.actions.browse} ${field.label}`}>
        {texts.actions.browse}
      </Button>
      {dialog}
    </div>
  );
}

/** A path on the machine that holds the core: chosen in a dialog of the system where there is a window, written in a browser. */
import type { ChooseFiles } from '../../../shared/contracts/page-bridge.ts';
import { useCore } from '../../bridge/core-context.tsx';
import { Button } from '../../components/button.tsx';
import { TextField } from '../../components/field.tsx';
import { sayFailed } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './registry.module.css';

interface PathFieldProps {
  readonly label: string;
  readonly help: string;
  readonly value: string;
  readonly onChange: (path: string) => void;
  readonly problem: string | null;
  /** An existing file or folder, or a folder to make of this name. */
  readonly choose: ChooseFiles | { readonly title: string; readonly name: string };
  readonly autoFocus?: boolean;
}

export function PathField({ choose, ...field }: PathFieldProps) {
  const { shell } = useCore();
  if (shell === null) return <TextField {...field} mono />;
  const ask = async (): Promise<void> => {
    const path = 'kind' in choose ? (await shell.chooseFiles(choose))[0] : await shell.chooseTarget(choose);
    if (path !== undefined && path !== null) field.onChange(path);
  };
  return (
    <div className={styles['path']}>
      <TextField {...field} mono />
      <Button onPress={() => void ask().catch(sayFailed)}>{texts.actions.browse}</Button>
    </div>
  );
}

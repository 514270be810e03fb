/** A folder to write into, on the machine that holds the core: named in a dialog of the system where there is a window, written in a browser. */
import type { ChooseTarget } from '../../../shared/contracts/page-bridge.ts';
import { useCore } from '../../bridge/core-context.tsx';
import { Button } from '../../components/button.tsx';
import { TextField } from '../../components/field.tsx';
import { sayFailed } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './registry.module.css';

interface TargetFieldProps {
  readonly label: string;
  readonly help: string;
  readonly value: string;
  readonly onChange: (path: string) => void;
  readonly problem: string | null;
  readonly choose: ChooseTarget;
  readonly autoFocus?: boolean;
}

export function TargetField({ choose, ...field }: TargetFieldProps) {
  const { shell } = useCore();
  if (shell === null) return <TextField {...field} mono />;
  const ask = async (): Promise<void> => {
    const path = await shell.chooseTarget(choose);
    if (path !== null) field.onChange(path);
  };
  return (
    <div className={styles['path']}>
      <TextField {...field} mono />
      <Button onPress={() => void ask().catch(sayFailed)}>{texts.actions.browse}</Button>
    </div>
  );
}

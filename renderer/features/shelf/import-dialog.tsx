/** Puts a file on a shelf: which one, what it is and what is wrong with it, under which name, copied or where it is. */
import { useState } from 'react';
import type { ShelfKind } from '../../../shared/domain/shelf-entry.ts';
import { formatBytes } from '../../../shared/text/format.ts';
import type { AppError } from '../../../shared/errors/app-error.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { SwitchField, TextField } from '../../components/field.tsx';
import { Progress } from '../../components/progress.tsx';
import { Failure } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { FileField } from '../files/file-field.tsx';
import { isWholePath } from '../files/whole-path.ts';
import { numberIn } from './fact-values.ts';
import { FileLook } from './file-look.tsx';
import { TokensByField } from './tokens-by-field.tsx';
import { reservedNames, shelfCalls } from './shelf-kinds.ts';
import { nameProblem, proposedName } from './shelf-name.ts';
import { useAddItem } from './use-add-item.ts';
import { useLook } from './use-look.ts';
import { useSettled } from './use-settled.ts';
import styles from './shelf.module.css';

const words = texts.shelf.import;
const settleMs = 400;

interface ImportDialogProps {
  readonly kind: ShelfKind;
  /** Empty: it is to be chosen. */
  readonly path: string;
  readonly onClose: () => void;
}

export function ImportDialog({ kind, path: given, onClose }: ImportDialogProps) {
  const [written, setWritten] = useState(given);
  const [ownName, setOwnName] = useState<string | null>(null);
  const [copy, setCopy] = useState(false);
  const [model, setModel] = useState<string | null>(null);
  const settled = useSettled(written.trim(), settleMs);
  const path = isWholePath(settled) ? settled : null;
  const look = useLook(kind, path, model);
  const shelf = useCall(shelfCalls[kind].list, {});
  const taken = [...reservedNames[kind], ...(shelf.data?.items ?? []).map((item) => item.name)];
  const name = ownName ?? (path === null ? '' : proposedName(path, taken));
  const problem = name === '' ? null : nameProblem(name, taken);
  const { add, isAdding, error } = useAddItem(kind, onClose);
  const isReady = path !== null && path === written.trim() && look.isSound && name !== '' && problem === null && !isAdding;
  const size = numberIn(look.facts, 'bytes');
  return (
    <Dialog
      wide
      isOpen
      title={texts.shelf.kinds[kind].import}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{isAdding ? texts.actions.close : texts.actions.cancel}</Button>
          <Button look="primary" isDisabled={!isReady} onPress={() => path !== null && add({ name, path, copy, model })}>
            {words.add}
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        <FileField
          label={texts.shelf.kinds[kind].path}
          help={texts.shelf.kinds[kind].pathHelp}
          problem={settled === '' || path !== null ? null : words.pathProblem}
          kind={kind === 'model' ? 'model' : 'data'}
          value={written}
          onChange={setWritten}
        />
        {kind === 'dataset' && <TokensByField label={words.tokensBy} value={model} onChange={setModel} />}
        <FileLook kind={kind} path={path} look={look} />
        {look.isSound && (
          <>
            <TextField label={words.name} help={words.nameHelp} problem={problem} value={name} onChange={setOwnName} />
            <SwitchField label={words.copy} help={words.copyHelp(size === null ? null : formatBytes(size))} value={copy} onChange={setCopy} />
          </>
        )}
        <Standing isAdding={isAdding} copy={copy} error={error} />
      </div>
    </Dialog>
  );
}

interface StandingProps {
  readonly isAdding: boolean;
  readonly copy: boolean;
  readonly error: AppError | null;
}

function Standing({ isAdding, copy, error }: StandingProps) {
  if (error !== null) return <Failure error={error} />;
  if (!isAdding) return null;
  const doing = copy ? words.copying : words.adding;
  return (
    <div className={styles['adding']} role="status">
      <p>{doing}</p>
      <Progress label={doing} value={null} />
    </div>
  );
}

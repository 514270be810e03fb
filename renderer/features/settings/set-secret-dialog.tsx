/** Takes a secret and has the window's shell seal it: what the core is told is sealed already. */
import { useState } from 'react';
import type { OutputOf } from '../../../shared/contracts/calls.ts';
import { SecretName } from '../../../shared/domain/sealed-secret.ts';
import { toAppError } from '../../../shared/errors/wire-error.ts';
import { isAppError, type AppError } from '../../../shared/errors/app-error.ts';
import { useAct } from '../../bridge/core-context.tsx';
import { sealWith } from '../../bridge/seal-with.ts';
import type { PageBridge } from '../../../shared/contracts/page-bridge.ts';
import { FormDialog } from '../../components/dialog.tsx';
import { TextField } from '../../components/field.tsx';
import { sayDone } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';

const words = texts.settings.secrets;

interface SetSecretDialogProps {
  readonly shell: PageBridge;
  readonly lock: OutputOf<'secrets.list'>['lock'];
  readonly onClose: () => void;
}

export function SetSecretDialog({ shell, lock, onClose }: SetSecretDialogProps) {
  const put = useAct('secrets.put', ['secrets.list']);
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  /** A first secret takes one only where the system keeps no key; that shows when it is asked. */
  const [asksPassphrase, askPassphrase] = useState(lock?.kdf.name === 'scrypt');
  const [isTried, setTried] = useState(false);
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const parsed = SecretName.safeParse(name.trim());
  /** A new one cannot be found out again, so it is written twice. */
  const isNew = asksPassphrase && lock === null;
  const isWhole = parsed.success && value !== '' && (!asksPassphrase || passphrase !== '') && (!isNew || again === passphrase);
  const keep = async (): Promise<void> => {
    setTried(true);
    if (!isWhole) return;
    setPending(true);
    setError(null);
    try {
      const sealed = await sealWith(shell, { name: parsed.data, value, lock, passphrase: asksPassphrase ? passphrase : null });
      await put.mutateAsync({ name: parsed.data, ...sealed });
      sayDone(words.kept(parsed.data));
      onClose();
    } catch (failure) {
      if (isAppError(failure, 'SECRET_KEY_MISSING') && !asksPassphrase) askPassphrase(true);
      else setError(toAppError(failure));
      setTried(false);
    } finally {
      setPending(false);
    }
  };
  return (
    <FormDialog title={words.setTitle} submit={words.keep} onClose={onClose} onSubmit={() => void keep()} isPending={isPending} error={error}>
      <TextField
        label={words.name}
        help={words.nameHelp}
        value={name}
        onChange={setName}
        problem={isTried && !parsed.success ? (parsed.error.issues[0]?.message ?? null) : null}
        autoFocus
      />
      <TextField
        type="password"
        label={words.value}
        help={words.valueHelp}
        value={value}
        onChange={setValue}
        problem={isTried && value === '' ? words.valueMissing : null}
      />
      {asksPassphrase && (
        <TextField
          type="password"
          label={words.passphrase}
          help={isNew ? words.newPassphraseHelp : words.passphraseHelp}
          value={passphrase}
          onChange={setPassphrase}
          problem={isTried && passphrase === '' ? words.passphraseMissing : null}
        />
      )}
      {isNew && (
        <TextField
          type="password"
          label={words.passphraseAgain}
          value={again}
          onChange={setAgain}
          problem={isTried && again !== passphrase ? words.passphrasesDiffer : null}
        />
      )}
    </FormDialog>
  );
}

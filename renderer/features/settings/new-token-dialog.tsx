/** Makes an access token, and shows its text the one time that it can be shown. */
import { useState } from 'react';
import { TokenName, type NewToken } from '../../../shared/contracts/token-calls.ts';
import { roles, type Role } from '../../../shared/domain/role.ts';
import { useAct } from '../../bridge/core-context.tsx';
import { Button } from '../../components/button.tsx';
import { Code } from '../../components/code.tsx';
import { Dialog, FormDialog } from '../../components/dialog.tsx';
import { SelectField, TextField } from '../../components/field.tsx';
import { texts } from '../../texts/texts.ts';
import { expiresAt, expiries, type Expiry } from './token-state.ts';

const words = texts.settings.tokens;
const roleChoices = roles.map((id) => ({ id, label: texts.settings.roles[id] }));
const expiryChoices = expiries.map((id) => ({ id, label: words.expiry[id] }));

export function NewTokenDialog({ onClose }: { readonly onClose: () => void }) {
  const create = useAct('tokens.create', ['tokens.list']);
  return create.data === undefined ? <AskToken create={create} onClose={onClose} /> : <ShowToken token={create.data} onClose={onClose} />;
}

interface AskTokenProps {
  readonly create: ReturnType<typeof useAct<'tokens.create'>>;
  readonly onClose: () => void;
}

function AskToken({ create, onClose }: AskTokenProps) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('trainer');
  const [expiry, setExpiry] = useState<Expiry>('90');
  const [problem, setProblem] = useState<string | null>(null);
  const submit = (): void => {
    const parsed = TokenName.safeParse(name.trim());
    setProblem(parsed.success ? null : (parsed.error.issues[0]?.message ?? null));
    if (parsed.success) create.mutate({ name: parsed.data, role, expires: expiresAt(expiry, new Date()) });
  };
  return (
    <FormDialog title={words.createTitle} submit={words.create} onClose={onClose} onSubmit={submit} isPending={create.isPending} error={create.error}>
      <TextField label={words.name} help={words.nameHelp} value={name} onChange={setName} problem={problem} autoFocus />
      <SelectField label={words.role} value={role} onChange={setRole} choices={roleChoices} />
      <SelectField label={words.expires} value={expiry} onChange={setExpiry} choices={expiryChoices} />
    </FormDialog>
  );
}

/** A press beside it must not close it: what it shows is gone then. */
const ShowToken = ({ token, onClose }: { readonly token: NewToken; readonly onClose: () => void }) => (
  <Dialog
    isOpen
    title={words.created(token.name)}
    onClose={() => undefined}
    actions={
      <Button look="primary" onPress={onClose}>
        {words.done}
      </Button>
    }
  >
    <p>{words.shownOnce}</p>
    <Code label={words.secret}>{token.token}</Code>
  </Dialog>
);

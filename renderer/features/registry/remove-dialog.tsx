/** Deletes a draft, having said what goes with it. */
import { useNavigate } from 'react-router';
import type { VersionDetails } from '../../../shared/contracts/registry-calls.ts';
import { versionText } from '../../../shared/domain/version.ts';
import { useAct } from '../../bridge/core-context.tsx';
import { FormDialog } from '../../components/dialog.tsx';
import { sayDone } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';

const words = texts.registry.version;

export function RemoveDialog({ version, onClose }: { readonly version: VersionDetails; readonly onClose: () => void }) {
  const remove = useAct('registry.remove');
  const navigate = useNavigate();
  const { name, version: number, record } = version;
  const onSuccess = (): void => {
    sayDone(words.removed(versionText(version)));
    void navigate('/registry');
  };
  return (
    <FormDialog
      title={words.removeTitle}
      submit={texts.actions.remove}
      danger
      onClose={onClose}
      onSubmit={() => remove.mutate({ name, version: number }, { onSuccess })}
      isPending={remove.isPending}
      error={remove.error}
    >
      <p>{words.removeText(versionText(version), record.artifacts.length)}</p>
    </FormDialog>
  );
}

/** Hashes the files of a version again, and says what has come of it. */
import { useState } from 'react';
import type { OutputOf } from '../../../shared/contracts/calls.ts';
import type { VersionDetails } from '../../../shared/contracts/registry-calls.ts';
import { useAct } from '../../bridge/core-context.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { sayDone, sayFailed } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';

const words = texts.registry.version;
type Verified = OutputOf<'registry.verify'>;

export function VerifyButton({ version: { name, version } }: { readonly version: Pick<VersionDetails, 'name' | 'version'> }) {
  const verify = useAct('registry.verify');
  const [bad, setBad] = useState<Verified | null>(null);
  const onSuccess = (result: Verified): void => {
    if (result.changed.length === 0) sayDone(words.verified, words.verifiedCount(result.artifacts));
    else setBad(result);
  };
  return (
    <>
      <Button small isPending={verify.isPending} onPress={() => verify.mutate({ name, version }, { onSuccess, onError: sayFailed })}>
        {words.verify}
      </Button>
      {bad !== null && (
        <Dialog title={words.changed} isOpen onClose={() => setBad(null)} actions={<Button onPress={() => setBad(null)}>{texts.actions.close}</Button>}>
          <ul>
            {bad.changed.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </Dialog>
      )}
    </>
  );
}

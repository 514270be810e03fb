/** Has the window's shell seal a secret, as `secrets.put` takes it. */
import type { PageBridge } from '../../shared/contracts/page-bridge.ts';
import type { InputOf } from '../../shared/contracts/calls.ts';
import type { SealSecret } from '../../shared/contracts/shell-requests.ts';
import { fromWireError } from '../../shared/errors/wire-error.ts';

type Sealed = Pick<InputOf<'secrets.put'>, 'sealed' | 'lock'>;

/** Throws SECRET_KEY_MISSING, SECRET_KEY_WRONG, SECRET_KEYRING. */
export async function sealWith(shell: PageBridge, request: SealSecret): Promise<Sealed> {
  const answer = await shell.sealSecret(request);
  if (!answer.ok) throw fromWireError(answer.error);
  return answer.value as Sealed;
}

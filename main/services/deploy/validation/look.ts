/** One request that is made to look how a side does. */
import type { DeploymentSample } from '../../../../shared/domain/deployment.ts';
import { isAppError } from '../../../../shared/errors/app-error.ts';
import type { AskedChat, ChatOutcome, TargetDriver } from '../target-driver.ts';

export interface Looked {
  readonly sample: DeploymentSample;
  readonly outcome: ChatOutcome | null;
  /** The server did not answer at all: it, or the way to it, is gone. */
  readonly isAway: boolean;
}

export interface Look {
  readonly driver: TargetDriver;
  readonly side: DeploymentSample['side'];
  readonly asked: AskedChat;
  readonly signal: AbortSignal;
  readonly now: () => Date;
}

/** Throws what `signal` says. */
export async function look({ driver, side, asked, signal, now }: Look): Promise<Looked> {
  const at = now().toISOString();
  const began = performance.now();
  try {
    const outcome = await driver.chat(asked, { signal });
    const { firstMs, totalMs } = outcome;
    const problem = outcome.text === '' ? 'the answer is empty' : null;
    return { outcome, isAway: false, sample: { at, server: driver.server, side, ok: problem === null, first_ms: firstMs, total_ms: totalMs, problem } };
  } catch (error) {
    signal.throwIfAborted();
    const problem = error instanceof Error ? error.message : String(error);
    const sample = { at, server: driver.server, side, ok: false, first_ms: null, total_ms: performance.now() - began, problem };
    return { outcome: null, isAway: isAppError(error, 'REMOTE_UNREACHABLE'), sample };
  }
}

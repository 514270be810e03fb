/** Shows a deployment step by step until it ends or waits for a word, and says how it ended. Ctrl-C leaves it to the next host. */
import { setTimeout as pause } from 'node:timers/promises';
import { deploymentIsActive, type DeploymentDetails, type DeploymentStep } from '../../shared/domain/deployment.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { fromWireError } from '../../shared/errors/wire-error.ts';
import type { Door } from '../core/door.ts';
import type { Host } from './host.ts';
import { onInterrupt } from './on-interrupt.ts';
import { deploymentLines, stepLines } from './output/deployment-text.ts';

const pollMs = 250;

export interface Following {
  /** Every question is answered with yes. */
  readonly yes: boolean;
}

/** Throws what ended it, where it was not the new version. */
export async function followDeployment(host: Host, door: Door, { deployment: id }: Pick<DeploymentDetails, 'deployment'>, { yes }: Following): Promise<void> {
  const leaving = new AbortController();
  const stopListening = onInterrupt(() => leaving.abort());
  const shown = new Map<number, string>();
  // A host stays for those who listen.
  const unsubscribe = await door.subscribe(() => undefined);
  try {
    for (;;) {
      const now = await door.call('deployments.get', { deployment: id });
      for (const step of now.steps) show(host, { id, step, shown });
      if (now.state === 'waiting' && yes) await door.call('deployments.confirm', { deployment: id });
      else if (!deploymentIsActive(now.state) || now.state === 'waiting') {
        end(host, now);
        return;
      }
      if (leaving.signal.aborted) throw new AppError('CANCELLED', { where: 'in the middle of a deployment', resume: 'lathe serve' });
      await pause(pollMs, undefined, { signal: leaving.signal }).catch(() => undefined);
    }
  } finally {
    unsubscribe();
    stopListening();
  }
}

/** Each state of a step once. */
function show({ reporter }: Host, { id, step, shown }: { readonly id: string; readonly step: DeploymentStep; readonly shown: Map<number, string> }): void {
  const { state, problem, position } = step;
  const key = `${state} ${problem ?? ''}`;
  if (state === 'waiting' || state === 'skipped' || shown.get(position) === key) return;
  shown.set(position, key);
  reporter.part({ event: 'deployment_step', deployment: id, ...step }, stepLines(step));
}

function end({ reporter }: Host, deployment: DeploymentDetails): void {
  const { state, error, deployment: id, name, version, target, alias } = deployment;
  if (state === 'done')
    reporter.done({ deployment }, [`${name}@${version} answers ${alias} at ${target}. Take it back with: lathe deployment rollback ${id} --reason TEXT`]);
  else if (state === 'waiting') reporter.done({ deployment }, deploymentLines(deployment));
  else if (state === 'rolled_back' && error?.code === 'ROLLBACK_ASKED') reporter.done({ deployment }, [`${id} was taken back.`]);
  else if (error === null) throw new AppError('DEPLOYMENT_STATE', { deployment: id, state, change: 'go on' });
  else throw fromWireError(error);
}

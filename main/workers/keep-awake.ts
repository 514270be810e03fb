/** Keeps the machine from falling asleep while runs and deployments are worked on: a small program of the system holds it awake as long as it lives. */
import { spawn, type ChildProcess } from 'node:child_process';
import type { Logger } from '../platform/logger.ts';

export interface Awake {
  /** Counted: as often as it is held it has to be released. */
  hold(): void;
  release(): void;
}

/** For hosts whose shell sees to it, and for tests. */
export const noAwake: Awake = { hold: () => undefined, release: () => undefined };

/** Ends when its input closes, so that it does not outlive a host that was killed. */
const holders: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['systemd-inhibit', '--what=sleep:idle', '--who=Lathe', '--why=A run or a deployment is at work', '--mode=block', 'cat'],
  darwin: ['caffeinate', '-i', 'cat'],
};

export interface AwakeParts {
  readonly log: Logger;
  /** The program and its arguments; undefined where the system has none. */
  readonly holder?: readonly string[] | undefined;
}

export function keepAwake({ log, holder = holders[process.platform] }: AwakeParts): Awake {
  let count = 0;
  let child: ChildProcess | null = null;
  let isMissing = false;
  const giveUp = (problem: string): void => {
    if (!isMissing) log.info('the machine may fall asleep while runs and deployments are at work', { problem });
    isMissing = true;
  };
  const start = (): void => {
    const [program, ...args] = holder ?? [];
    if (isMissing) return;
    if (program === undefined) return giveUp(`${process.platform} has no program for it`);
    const started = spawn(program, args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true, windowsHide: true });
    child = started;
    // Whether it is there is heard later; a broken pipe is no more than its end.
    started.stdin.on('error', () => undefined);
    started.on('error', (error) => giveUp(error.message));
    started.on('exit', (code) => {
      if (child !== started) return;
      child = null;
      giveUp(`${program} ended with ${code ?? 'a signal'}`);
    });
    started.unref();
  };
  return {
    hold: () => {
      count += 1;
      if (count === 1) start();
    },
    release: () => {
      count = Math.max(0, count - 1);
      if (count > 0 || child === null) return;
      const holding = child;
      child = null;
      holding.stdin?.end();
    },
  };
}

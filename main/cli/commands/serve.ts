/** `lathe serve`: the core without a window, until it is told to end. */
import { Command, Option } from 'commander';
import { setTimeout as pause } from 'node:timers/promises';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { onInterrupt } from '../on-interrupt.ts';

interface ServeOptions {
  readonly untilIdle?: true;
}

const idlePollMs = 500;

export const serveCommand = (host: HostSource): Command =>
  new Command('serve')
    .description('host the runs of this LATHE_HOME without a window')
    .addOption(new Option('--until-idle', 'end when nothing is queued and nobody is attached').hideHelp())
    .action((options: ServeOptions) => serve(host(), options));

async function serve(host: Host, { untilIdle }: ServeOptions): Promise<void> {
  const { core, door } = await host.becomeHost(untilIdle === true ? 'detached' : 'serve');
  const ended = new AbortController();
  core.onEnd = () => ended.abort();
  const stopListening = onInterrupt(() => ended.abort());
  host.reporter.say(`Hosting ${host.paths.home}; Ctrl-C ends it.`);
  try {
    if (untilIdle === true) await untilNothingIsLeft(door, ended.signal);
    else await new Promise((resolve) => ended.signal.addEventListener('abort', resolve, { once: true }));
  } finally {
    stopListening();
    await door.close();
  }
}

/** Idle twice in a row: whoever started this host has had the time to ask for something. */
async function untilNothingIsLeft(door: Awaited<ReturnType<Host['becomeHost']>>['door'], signal: AbortSignal): Promise<void> {
  for (let idle = 0; idle < 10 && !signal.aborted;) {
    const { runs, attached } = await door.call('host.status', {});
    idle = runs.queued + runs.active + attached === 0 ? idle + 1 : 0;
    await pause(idlePollMs, undefined, { signal }).catch(() => undefined);
  }
}

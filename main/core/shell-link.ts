/** The core process's line to the shell that started it: a utility process's parent port, or the channel of a fork. */
import { ToCoreProcess, type FromCoreProcess } from '../../shared/contracts/shell-link.ts';

/** As much of a port that the shell handed on as is used here. */
export interface HandedPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
  start(): void;
}

interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown; readonly ports: readonly HandedPort[] }) => void): void;
}

export interface ShellLink {
  send(message: FromCoreProcess): void;
  listen(listener: (message: ToCoreProcess, port: HandedPort | undefined) => void): void;
}

/** A shell that went away ends this process: nobody could tell it anything any more. */
export function shellLink(onGone: () => void): ShellLink {
  const { parentPort } = process as { parentPort?: ParentPort };
  if (parentPort !== undefined)
    return {
      send: (message) => parentPort.postMessage(message),
      listen: (listener) => parentPort.on('message', ({ data, ports }) => listener(ToCoreProcess.parse(data), ports[0])),
    };
  process.on('disconnect', onGone);
  return {
    send: (message) => {
      if (process.connected) process.send?.(message, () => undefined);
    },
    listen: (listener) => process.on('message', (raw) => listener(ToCoreProcess.parse(raw), undefined)),
  };
}

/** Whether only the shell can start processes: this is no plain Node. */
export const isInUtilityProcess = (): boolean => 'parentPort' in process;

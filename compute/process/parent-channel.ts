/** The line to whoever started this process: the channel of a fork, or the parent port of a utility process, which the window's shell starts. */
import { goodbye } from '../../shared/contracts/compute-messages.ts';

interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

const { parentPort } = process as { parentPort?: ParentPort };

export const parentChannel = {
  get isOpen(): boolean {
    return parentPort !== undefined || process.connected;
  },

  /** Resolves when it is on its way, or the other side has gone. */
  send(message: unknown): Promise<void> {
    if (parentPort !== undefined) {
      parentPort.postMessage(message);
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      if (process.send === undefined || !process.connected) return resolve();
      process.send(message, () => resolve());
    });
  },

  listen(listener: (message: unknown) => void): void {
    if (parentPort === undefined) process.on('message', listener);
    else
      parentPort.on('message', ({ data }) => {
        if (data !== goodbye) listener(data);
      });
  },

  /** The other side went away. A utility process ends with its shell by itself. */
  onGone(listener: () => void): void {
    process.on('disconnect', listener);
  },

  /** Nothing more is said; the process ends when nothing holds it. */
  close(): void {
    if (parentPort === undefined) return process.disconnect();
    parentPort.on('message', ({ data }) => {
      if (data === goodbye) process.exit();
    });
    parentPort.postMessage(goodbye);
  },
};

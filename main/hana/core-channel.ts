/** The line to the core: the channel of a fork, or the parent port of a utility process, which the window's shell starts. */

interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

const { parentPort } = process as { parentPort?: ParentPort };

export const coreChannel = {
  /** Resolves when it is on its way, or the core has gone. */
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
    else parentPort.on('message', ({ data }) => listener(data));
  },
};

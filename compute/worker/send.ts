/** The worker's side of the channel: a message is on its way when the promise resolves, or the other side has gone. */

export function send(message: unknown): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) return resolve();
    process.send(message, () => resolve());
  });
}

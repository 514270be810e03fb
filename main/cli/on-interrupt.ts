/**
 * Ctrl-C and its kin, each press once. One press can arrive several times: from the terminal, from npm and from the
 * wrapper that found Node 24, all within milliseconds.
 */
const samePressMs = 300;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Calls `listener` with 1 for the first press, 2 for the second …; returns how to stop listening. */
export function onInterrupt(listener: (presses: number, signal: NodeJS.Signals) => void): () => void {
  let presses = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  const hear = (signal: NodeJS.Signals): void => {
    const nowMs = performance.now();
    const isEcho = nowMs - lastMs < samePressMs;
    lastMs = nowMs;
    if (isEcho) return;
    presses += 1;
    listener(presses, signal);
  };
  for (const signal of signals) process.on(signal, hear);
  return () => {
    for (const signal of signals) process.off(signal, hear);
  };
}

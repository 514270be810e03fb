/** Reads events.jsonl as it grows: first what is there, then what comes, until the run has ended. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RunLogLine } from '../../shared/contracts/run-events.ts';
import { runFiles } from '../../shared/domain/run-record.ts';
import { parseLines } from './run-folders.ts';

const pollMs = 200;
const chunkBytes = 65_536;

interface Following {
  readonly signal: AbortSignal;
  /** Whether a process holds the run; when none does and nothing new is there, the reading ends. */
  readonly isWorkedOn: () => boolean;
}

export async function* followRun(directory: string, { signal, isWorkedOn }: Following): AsyncGenerator<RunLogLine> {
  const file = await open(join(directory, runFiles.events), 'r');
  const buffer = Buffer.alloc(chunkBytes);
  let position = 0;
  let torn = Buffer.alloc(0);
  try {
    while (!signal.aborted) {
      // Asked before reading, so that what an ending run wrote last is still read.
      const isAlive = isWorkedOn();
      const { bytesRead } = await file.read(buffer, 0, chunkBytes, position);
      position += bytesRead;
      const bytes = Buffer.concat([torn, buffer.subarray(0, bytesRead)]);
      const end = bytes.lastIndexOf(0x0a) + 1;
      torn = bytes.subarray(end);
      yield* parseLines(bytes.subarray(0, end).toString('utf8').split('\n'));
      if (bytesRead > 0) continue;
      if (!isAlive) return;
      await pause(pollMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    await file.close();
  }
}

/** Looks at an answer as it passes: when it begins and ends, and whether a stream tells of an error that its status could not. */
import { Transform } from 'node:stream';
import type { Answered } from './side-figures.ts';

/** How a server that streams says that it failed: LocalAI's chat, and its completions, whose text then begins so. */
const streamedErrors = ['data: {"error"', 'Internal error: '];
const longest = Math.max(...streamedErrors.map((text) => text.length));

export interface Watched {
  readonly status: number;
  /** When the request came, in the clock of `performance.now`. */
  readonly began: number;
  readonly onEnd: (answered: Answered) => void;
}

/** The same bytes. What breaks off counts as failed, whoever broke it off but the client. */
export function watchAnswer({ status, began, onEnd }: Watched): Transform {
  let first: number | null = null;
  let hasError = status >= 500;
  let tail = '';
  let isTold = false;
  const tell = (isFailure: boolean): void => {
    if (isTold) return;
    isTold = true;
    const now = performance.now();
    onEnd({ isFailure, firstMs: (first ?? now) - began, totalMs: now - began });
  };
  return new Transform({
    transform(piece: Buffer, _, pass) {
      first ??= performance.now();
      const text = tail + piece.toString('latin1');
      hasError ||= streamedErrors.some((sign) => text.includes(sign));
      tail = text.slice(-longest);
      pass(null, piece);
    },
    flush(done) {
      tell(hasError);
      done();
    },
    destroy(error, done) {
      // Without an error the client went away, which says nothing about the side.
      if (error !== null) tell(true);
      done(error);
    },
  });
}

/** What the shell remembers from start to start: a small file beside the browser's own data. A damaged one counts as none. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Theme } from '../../shared/contracts/shell-requests.ts';
import { writeFileAtomically } from '../platform/atomic-files.ts';
import { WindowState } from './window-bounds.ts';

const Memory = z.object({ window: WindowState, theme: Theme });
type Memory = z.infer<typeof Memory>;

const fresh: Memory = { window: { bounds: null, isMaximised: false }, theme: 'system' };

export class WindowMemory {
  readonly #path: string;
  #memory: Memory;

  constructor(path: string) {
    this.#path = path;
    this.#memory = read(path);
  }

  get window(): WindowState {
    return this.#memory.window;
  }

  get theme(): Theme {
    return this.#memory.theme;
  }

  /** A folder that cannot be written costs the memory, nothing else. */
  keep(changed: Partial<Memory>): void {
    this.#memory = { ...this.#memory, ...changed };
    try {
      writeFileAtomically(this.#path, JSON.stringify(this.#memory));
    } catch {
      // Asked anew at the next start.
    }
  }
}

function read(path: string): Memory {
  try {
    return Memory.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return fresh;
  }
}

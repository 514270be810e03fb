/** A host with the page in a LATHE_HOME of its own, as `lathe serve` starts it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const root = join(import.meta.dirname, '..', '..', '..');
const Listening = z.object({ event: z.literal('listening'), url: z.string(), login: z.string(), token: z.string() });

export interface Served {
  readonly url: string;
  /** Good once. */
  readonly login: string;
  readonly home: string;
  /** File of the first admin token. */
  readonly token: string;
  readonly process: ChildProcess;
  /** Waits until it has ended, and removes its home. */
  end(): Promise<void>;
}

interface ServeOptions {
  readonly home?: string;
  readonly port?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** `home`: an existing one is used and kept; else a new one that goes with the host. */
export async function serve({ home, port = 0, environment = {} }: ServeOptions = {}): Promise<Served> {
  const place = home ?? mkdtempSync(join(tmpdir(), 'lathe-e2e-'));
  const child = spawn(process.execPath, [join(root, 'main/cli/bin.js'), 'serve', '--port', String(port), '--json'], {
    env: { ...process.env, ...environment, LATHE_HOME: place },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const listening = await new Promise<z.infer<typeof Listening>>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const parsed = Listening.safeParse(JSON.parse(line));
      if (parsed.success) resolve(parsed.data);
    });
    child.on('exit', (code) => reject(new Error(`lathe serve ended with ${String(code)}: ${said}`)));
  });
  return {
    ...listening,
    home: place,
    process: child,
    end: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGTERM');
        await gone;
      }
      if (home === undefined) rmSync(place, { recursive: true, force: true });
    },
  };
}

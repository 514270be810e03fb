/** Runs `lathe` as a user does, in a process of its own, and gives what it wrote and how it ended. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as JSON lines; throws where a line is none. */
  json(): Record<string, unknown>[];
}

interface Surroundings {
  readonly home: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The program; by default the command line itself. */
  readonly entry?: string;
  /** Its standard input. */
  readonly input?: string;
}

const entryFile = join(import.meta.dirname, 'lathe.ts');

export function runLathe(args: readonly string[], { home, cwd = home, env = {}, entry = entryFile, input }: Surroundings): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, ...args], {
      cwd,
      env: { ...process.env, LATHE_HOME: join(home, 'lathe'), ...env },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    child.stdin?.end(input);
    const written = { stdout: '', stderr: '' };
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (written.stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (written.stderr += text));
    child.on('error', reject);
    child.on('close', (code) => {
      const json = (): Record<string, unknown>[] =>
        written.stdout
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as Record<string, unknown>);
      resolve({ code, ...written, json });
    });
  });
}

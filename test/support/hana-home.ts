/** A LATHE_HOME with the password of a test's HANA in it, and the command line over it; what is said is kept, so that a test can look for what must not be. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { hanaPassword } from './hana-server.ts';

const entry = join(import.meta.dirname, '..', '..', 'main', 'cli', 'bin.js');

export interface HanaHomeEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The last line of `--json`. */
  readonly last: Readonly<Record<string, unknown>>;
}

export class HanaHome {
  readonly home: string;
  said = '';
  readonly #environment: Readonly<Record<string, string>>;

  constructor(home: string, environment: Readonly<Record<string, string>> = {}) {
    this.home = home;
    this.#environment = environment;
    mkdirSync(home, { recursive: true });
  }

  /** `lathe …` as a user has it; with `--json` its last line is read. */
  async lathe(args: readonly string[], input = ''): Promise<HanaHomeEnd> {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, ...args], {
      env: { ...process.env, NODE_OPTIONS: '', LATHE_HOME: this.home, LATHE_SECRET_KEY: 'a-passphrase-of-tests', ...this.#environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdin.end(input);
    const [code] = (await once(child, 'close')) as [number];
    this.said += stdout + stderr;
    const last = args.includes('--json') ? (stdout.trim().split('\n').at(-1) ?? '') : '';
    return { code, stdout, stderr, last: last === '' ? {} : (JSON.parse(last) as Record<string, unknown>) };
  }

  keepPassword(password = hanaPassword): Promise<HanaHomeEnd> {
    return this.lathe(['secret', 'set', 'hana'], `${password}\n`);
  }

  /** Files below it that hold the text, and `what was said`. */
  traces(text: string): readonly string[] {
    const files = readdirSync(this.home, { recursive: true, encoding: 'utf8' }).filter((name) => {
      const path = join(this.home, name);
      return statSync(path).isFile() && readFileSync(path).includes(text);
    });
    return [...files, ...(this.said.includes(text) ? ['what was said'] : [])];
  }
}

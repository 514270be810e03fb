/** The launchers from outside: what an older Node on the machine, signals and a missing engine do to a command. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';

const projectRoot = join(import.meta.dirname, '..', '..');
const node24 = join(import.meta.dirname, 'node24.js');

/** A Node before 24, for which the wrapper exists; none on some machines. */
const olderNode = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((directory) => !directory.includes('node_modules'))
  .map((directory) => join(directory, process.platform === 'win32' ? 'node.exe' : 'node'))
  .find((path) => existsSync(path) && Number(/^v(\d+)/.exec(execFileSync(path, ['--version'], { encoding: 'utf8' }))?.[1]) < 24);

function needOlderNode(context: TestContext): string {
  return olderNode ?? context.skip('no Node before 24 on this machine');
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a program; `onLine` sees each line of its standard output as it comes. */
function run(
  command: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string; onLine?: (line: string, child: ChildProcess) => void } = {},
): Promise<Ended> {
  const child = spawn(command, args, { cwd: options.cwd ?? projectRoot, env: options.env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString('utf8');
    for (const line of chunk.toString('utf8').split('\n').filter(Boolean)) options.onLine?.(line, child);
  });
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString('utf8')));
  return new Promise((done) => child.on('close', (code) => done({ code, out, err })));
}

describe('node24.js', () => {
  it('runs its arguments on Node 24 and passes the exit code on', async (context) => {
    const ended = await run(needOlderNode(context), [node24, '--eval', 'console.log(process.version); process.exit(7)']);
    expect(ended).toMatchObject({ code: 7, err: '' });
    expect(Number(/^v(\d+)/.exec(ended.out)?.[1])).toBeGreaterThanOrEqual(24);
  });

  it('passes signals on, and the child decides how it ends', async (context) => {
    const program = `process.on('SIGTERM', () => process.exit(9)); setInterval(() => {}, 1e6); console.log('ready');`;
    const ended = await run(needOlderNode(context), [node24, '--eval', program], { onLine: (_, child) => child.kill('SIGTERM') });
    expect(ended.code).toBe(9);
  });

  it('ends as a shell would when the child dies of a signal', async (context) => {
    const ended = await run(needOlderNode(context), [node24, '--eval', `process.kill(process.pid, 'SIGKILL')`]);
    expect(ended.code).toBe(137);
  });

  it('says what to do where there is no Node 24', async (context) => {
    const env = { ...process.env, LATHE_NODE: join(tmpdir(), 'no-such-node') };
    const ended = await run(needOlderNode(context), [node24, '--version'], { env });
    expect(ended).toMatchObject({ code: 2, err: expect.stringMatching(/^lathe: Cannot start Node 24 .*\n$/) as string });
  });
});

describe('the lathe command', () => {
  let checkout = '';
  const bin = (): string => join(checkout, 'main', 'cli', 'bin.js');

  /** A checkout as far as the launchers see it, with a program in place of the command line. */
  beforeAll(() => {
    checkout = mkdtempSync(join(tmpdir(), 'lathe-launch-'));
    for (const name of ['bin.js', 'build-native.js', 'compile-cache.js', 'node24.js', 'with-engine.js'])
      cpSync(join(import.meta.dirname, name), join(checkout, 'main', 'cli', name), { recursive: true });
    cpSync(join(projectRoot, 'shared'), join(checkout, 'shared'), { recursive: true });
    cpSync(join(projectRoot, 'package.json'), join(checkout, 'package.json'));
    symlinkSync(join(projectRoot, 'node_modules'), join(checkout, 'node_modules'), 'junction');
    mkdirSync(join(checkout, 'compute', 'native'), { recursive: true });
    writeFileSync(join(checkout, 'compute', 'native', 'CMakeLists.txt'), 'project(toy CXX)\n');
    const program = `export async function main(args: readonly string[]): Promise<number> {
      console.log(JSON.stringify({ args, pid: process.pid, tied: process.env['LATHE_TIED'] ?? null }));
      if (args.includes('--wait')) await new Promise(() => setInterval(() => {}, 1e6));
      return 5;
    }\n`;
    writeFileSync(join(checkout, 'main', 'cli', 'main.ts'), program);
  });
  afterAll(() => rmSync(checkout, { recursive: true }));

  it('hands its arguments over and ends with the exit code', async (context) => {
    for (const node of [process.execPath, needOlderNode(context)]) {
      const ended = await run(node, [bin(), 'doctor', '--json', 'a b']);
      expect(ended).toMatchObject({ code: 5, err: '' });
      expect(JSON.parse(ended.out)).toMatchObject({ args: ['doctor', '--json', 'a b'], tied: null });
    }
  });

  it('does not run on when its wrapper is killed outright', async (context) => {
    // The child holds the wrapper's standard output: run() ends only when both are gone.
    const ended = await run(needOlderNode(context), [bin(), 'doctor', '--wait'], { onLine: (_, wrapper) => wrapper.kill('SIGKILL') });
    expect(ended.code).toBe(null);
  });

  it('says in one line that the engine cannot be built, and why', async () => {
    const env = { ...process.env, PATH: join(checkout, 'no-tools-here') };
    const plain = await run(process.execPath, [bin(), 'train'], { env });
    expect(plain).toMatchObject({ code: 2, out: '' });
    expect(plain.err.trimEnd().split('\n').at(-1)).toBe(
      'lathe: The native engine is not built (cmake was not found). Install cmake and a C++17 compiler, then run `npm run build:native`.',
    );
    const json = await run(process.execPath, [bin(), 'train', '--json'], { env });
    expect(JSON.parse(json.out)).toMatchObject({ event: 'error', code: 'ADDON_MISSING' });
  });

  it('gives help and the doctor without an engine', async () => {
    const env = { ...process.env, PATH: join(checkout, 'no-tools-here') };
    for (const args of [[], ['--help'], ['train', '--help'], ['doctor']]) expect((await run(process.execPath, [bin(), ...args], { env })).code).toBe(5);
  });
});

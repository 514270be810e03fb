import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepingLogger, type KeptLine } from '../../test/support/keeping-logger.ts';
import { cpuDefaults } from '../../shared/domain/cpu-optimization.ts';
import type { JobOf } from '../../shared/contracts/compute-jobs.ts';
import type { JobEvent } from '../../shared/contracts/run-events.ts';
import { nodeForkTransport } from './node-fork-transport.ts';
import { Supervisor, type RunningJob } from './supervisor.ts';

const entry = join(import.meta.dirname, '..', '..', 'test', 'support', 'fake-compute-process.ts');

const generate = (prompt: string): JobOf<'generate'> => ({
  kind: 'generate',
  model: '/m',
  adapter: null,
  prompt,
  chat: true,
  system: null,
  maxTokens: 1,
  temperature: 0,
  topP: 1,
  seed: 1,
  engine: { cpu: cpuDefaults(1), precision: 'auto' },
});

interface Started {
  readonly running: RunningJob<unknown>;
  readonly events: JobEvent[];
  readonly lines: KeptLine[];
  /** Resolves when the first event has come. */
  readonly heard: Promise<void>;
}

function start(prompt: string, { killAfterMs = 10_000, silentAfterMs = 60_000, memoryRunOuts = (): number => 0, entryFile = entry } = {}): Started {
  const [events, lines]: [JobEvent[], KeptLine[]] = [[], []];
  let hear: () => void = () => undefined;
  const heard = new Promise<void>((resolve) => (hear = resolve));
  const supervisor = new Supervisor({
    transport: nodeForkTransport(),
    entry: entryFile,
    log: keepingLogger(lines),
    logPath: () => '/the.log',
    cache: '/cache',
    killAfterMs,
    silentAfterMs,
    memoryRunOuts,
  });
  const running = supervisor.run(generate(prompt), {
    correlation: 'test',
    isa: 'avx2',
    again: 'lathe generate',
    onEvent: (event) => {
      events.push(event);
      hear();
    },
  });
  return { running, events, lines, heard };
}

const failureOf = (running: RunningJob<unknown>): Promise<unknown> =>
  running.result.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('Supervisor', () => {
  it('tells a job of its surroundings: what was said before it began, then each change once', async () => {
    const { running, events, heard } = start('echo');
    running.adapt({ pause: 'battery' });
    await heard;
    running.adapt({ pause: 'battery' });
    running.adapt({ isUserActive: true });
    running.adapt({ pause: null });
    running.cancel();
    expect(await failureOf(running)).toMatchObject({ code: 'CANCELLED' });
    const told = events.map((event) => (event.event === 'note' ? (JSON.parse(event.message) as unknown) : event));
    expect(told).toEqual([
      { pause: 'battery', isUserActive: false },
      { pause: 'battery', isUserActive: true },
      { pause: null, isUserActive: true },
    ]);
  });

  it('passes events in order, log lines with the correlation, and the result', async () => {
    const { running, events, lines } = start('done');
    expect(await running.result).toMatchObject({ text: 'hello', stop: 'end' });
    expect(events).toEqual([
      { event: 'text', text: 'hel' },
      { event: 'text', text: 'lo' },
    ]);
    expect(lines).toContainEqual({ level: 'info', name: 'test', message: 'a line of the child', fields: { correlation: 'test', isa: 'avx2' } });
  });

  it('revives an error with its code and facts', async () => {
    expect(await failureOf(start('fail').running)).toMatchObject({ code: 'FILE_MISSING', facts: { path: '/none' }, message: 'Model not found: /none' });
  });

  it('shows a bug with the name of the log, and keeps its stack there', async () => {
    const { running, lines } = start('bug');
    expect(await failureOf(running)).toMatchObject({ code: 'INTERNAL', facts: { message: 'oops', log: '/the.log' } });
    expect(lines).toContainEqual(expect.objectContaining({ level: 'error', fields: expect.objectContaining({ stack: expect.stringContaining('at there') }) }));
  });

  it.each([
    ['die SIGSEGV', 'COMPUTE_PROCESS_DIED', 'memory that is not its own, after step 7', 'Go on with `lathe generate`; if it dies again there'],
    ['die SIGILL', 'COMPUTE_ILLEGAL_INSTRUCTION', 'refused an instruction of the avx2 kernels after step 7', 'Set LATHE_ISA to a plainer'],
    ['die SIGKILL', 'COMPUTE_KILLED', 'ended from outside (SIGKILL) after step 7', 'Go on with `lathe generate`.'],
    ['exit 7', 'COMPUTE_PROCESS_DIED', 'exit code 7, before its first step', 'Go on with'],
    ['exit 0', 'COMPUTE_PROCESS_DIED', 'exit code 0', 'Go on with'],
  ])('tells how it ended: %s', async (prompt, code, message, remedy) => {
    const says = { code, message: expect.stringContaining(message), remedy: expect.stringContaining(remedy) };
    expect(await failureOf(start(prompt).running)).toMatchObject(says);
  });

  it('tells the end of memory from a kill: the system has counted one more', async () => {
    let count = 4;
    const { running, heard } = start('obey', { memoryRunOuts: () => count });
    await heard;
    count = 5;
    process.kill(running.pid ?? 0, 'SIGKILL');
    expect(await failureOf(running)).toMatchObject({
      code: 'COMPUTE_OUT_OF_MEMORY',
      message: expect.stringMatching(/^Memory ran out, and the system ended .* after step 7/),
    });
  });

  it.skipIf(process.platform !== 'linux')('tells of a process that neither speaks nor computes, then ends it', async () => {
    const { running, heard, events } = start('deaf', { silentAfterMs: 1_000 });
    await heard;
    process.kill(running.pid ?? 0, 'SIGSTOP');
    expect(await failureOf(running)).toMatchObject({ code: 'COMPUTE_SILENT', message: expect.stringMatching(/no sign of life for \d+ s after step 7/) });
    expect(events.at(-1)).toMatchObject({ event: 'note', message: expect.stringContaining('no sign of life') });
  });

  it.skipIf(process.platform !== 'linux')('leaves one alone that computes and cannot speak, as in a kernel', async () => {
    const { running, heard, events } = start('busy', { silentAfterMs: 400 });
    await heard;
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(events).toHaveLength(1);
    running.kill();
    expect(await failureOf(running)).toMatchObject({ code: 'CANCELLED' });
  });

  it('keeps the newest two hundred lines', async () => {
    const { running } = start('chatter 250');
    await failureOf(running);
    expect(running.lastLines()).toHaveLength(200);
    expect(running.lastLines().at(-1)).toMatch(/INFO test: line 249$/);
  });

  it('says when it cannot be started', async () => {
    expect(await failureOf(start('done', { entryFile: '/nowhere.ts' }).running)).toMatchObject({ code: 'COMPUTE_PROCESS_DIED' });
  });

  it.each(['garbage', 'wrong'])('ends a process that breaks the contract: %s', async (prompt) => {
    expect(await failureOf(start(prompt).running)).toMatchObject({ code: 'PROTOCOL_MISMATCH' });
  });

  it('ends a process that speaks another version', async () => {
    process.env['LATHE_TEST_PROTOCOL'] = '99';
    try {
      expect(await failureOf(start('done').running)).toMatchObject({ code: 'PROTOCOL_MISMATCH', facts: { problem: expect.stringContaining('99') } });
    } finally {
      delete process.env['LATHE_TEST_PROTOCOL'];
    }
  });

  it('cancels', async () => {
    const { running, heard } = start('obey');
    await heard;
    running.cancel();
    expect(await failureOf(running)).toMatchObject({ code: 'CANCELLED', message: 'Stopped at step 7', remedy: 'Go on with `lathe train --resume x`.' });
  });

  it('ends what was cancelled before it began, at once', async () => {
    const { running } = start('obey', { killAfterMs: 60_000 });
    running.cancel();
    expect(await failureOf(running)).toMatchObject({ code: 'CANCELLED', message: 'Stopped before the end' });
  });

  it('kills what does not hear the cancel', async () => {
    const { running, heard } = start('deaf', { killAfterMs: 50 });
    await heard;
    running.cancel();
    expect(await failureOf(running)).toMatchObject({ code: 'CANCELLED', message: 'Stopped after step 7' });
  });

  it('kills at once when told to', async () => {
    const { running, heard } = start('deaf');
    await heard;
    running.kill();
    expect(await failureOf(running)).toMatchObject({ code: 'CANCELLED' });
  });
});

describe('a killed parent', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'lathe-parent-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('takes its compute process along', { retry: 0 }, async () => {
    const pidFile = join(folder, 'pid');
    const parent = nodeForkTransport().start(
      join(import.meta.dirname, '..', '..', 'test', 'support', 'fake-parent-process.ts'),
      { LATHE_TEST_PID_FILE: pidFile },
      { onMessage: () => undefined, onOutput: () => undefined, onExit: () => undefined },
    );
    await expect.poll(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '', { timeout: 10_000 }).toBe(true);
    const pid = Number(readFileSync(pidFile, 'utf8'));
    parent.kill();
    const isAlive = (): boolean => {
      try {
        process.kill(pid, 0);
        return !/^State:\s*Z/m.test(existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : '');
      } catch {
        return false;
      }
    };
    await expect.poll(isAlive, { timeout: 10_000 }).toBe(false);
  });
});

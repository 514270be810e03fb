/** A run is resumed only where it can be repeated to the bit, unless a drift is allowed, which is then written down. */
import { appendFileSync, cpSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadAddon } from '../../compute/tensor/load-addon.ts';
import { isaLadder, type Isa } from '../../shared/domain/isa.ts';
import { eventsOf } from '../support/lathe-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { tinyRow } from '../support/tiny-model.ts';
import { killAtStep, TinyRuns } from '../support/tiny-runs.ts';

const settings = ['--max-steps', '30', '--epochs', '100', '--batch-size', '8', '--rank', '4', '--save-steps', '4', '--precision', 'fp32'];
const folder = temporaryFolder();
let runs: TinyRuns;

/** What changes between start and resume; returns what else the resume needs. */
const changes: readonly { readonly name: string; readonly says: RegExp; readonly change: (place: TinyRuns) => Readonly<Record<string, string>> }[] = [
  { name: 'a row of the data', says: /rows\.jsonl has changed/, change: ({ data }) => (appendFileSync(data, `${JSON.stringify(tinyRow(900))}\n`), {}) },
  { name: 'a weight of the model', says: /model has changed/, change: ({ model }) => (changeLastByte(join(model, 'model.safetensors')), {}) },
  { name: 'the chat template', says: /other tokens/, change: ({ model }) => (otherTemplate(join(model, 'tokenizer_config.json')), {}) },
];

function changeLastByte(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 0x01;
  writeFileSync(path, bytes);
}

function otherTemplate(path: string): void {
  const config = JSON.parse(readFileSync(path, 'utf8')) as { chat_template: string };
  writeFileSync(path, JSON.stringify({ ...config, chat_template: config.chat_template.replaceAll("'['", "'<'") }));
}

/** A highest instruction set below the machine's own, whose kernels are others; null on a machine that has none. */
function lowerIsa(): Isa | null {
  return isaLadder(process.arch, loadAddon().bestIsa())[1] ?? null;
}

describe('resuming', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    runs = await TinyRuns.in(folder);
  });

  /** A run stopped half-way in a place of its own, whose model and data may be changed. */
  async function stoppedIn(name: string): Promise<TinyRuns> {
    const place = await TinyRuns.in(join(folder, name));
    const end = await killAtStep((options) => place.train('run', settings, options), 12, 0);
    expect(end.signal).toBe('SIGKILL');
    return place;
  }

  it.each(changes)('is refused after a change of $name, and can be forced', async ({ name, says, change }) => {
    const place = await stoppedIn(name.replaceAll(' ', '-'));
    const before = readFileSync(join(place.out('run'), 'run.yaml'), 'utf8');
    const env = change(place);
    const refused = await place.resume('run', [], { env }).ended;
    expect(refused, refused.stderr).toMatchObject({ code: 2 });
    expect(eventsOf(refused, 'error')).toMatchObject([{ code: 'RESUME_DRIFT' }]);
    expect(refused.stderr).toMatch(says);
    expect(readFileSync(join(place.out('run'), 'run.yaml'), 'utf8')).toBe(before);
    const forced = await place.resume('run', ['--allow-drift'], { env }).ended;
    expect(forced, forced.stderr).toMatchObject({ code: 0 });
    expect(readFileSync(join(place.out('run'), 'run.yaml'), 'utf8')).toMatch(says);
  });

  it('is refused with other kernels, and can be forced', async (context) => {
    const lower = lowerIsa();
    if (lower === null) return context.skip('this machine has one instruction set only');
    const end = await killAtStep((options) => runs.train('kernels', settings, options), 12, 0);
    expect(end.signal).toBe('SIGKILL');
    const refused = await runs.resume('kernels', [], { env: { LATHE_ISA: lower } }).ended;
    expect(refused, refused.stderr).toMatchObject({ code: 2 });
    expect(eventsOf(refused, 'error')).toMatchObject([{ code: 'RESUME_DRIFT' }]);
    expect(refused.stderr).toMatch(/exactly: isa (\w+) → (?!\1)\w+\. Resume/);
    const forced = await runs.resume('kernels', ['--allow-drift'], { env: { LATHE_ISA: lower } }).ended;
    expect(forced, forced.stderr).toMatchObject({ code: 0 });
    expect(readFileSync(join(runs.out('kernels'), 'run.yaml'), 'utf8')).toMatch(/drift: isa \w+ → \w+\n/);
  });

  it('repeats the kernels of a run that was started under a lower cap', async (context) => {
    const lower = lowerIsa();
    if (lower === null) return context.skip('this machine has one instruction set only');
    const env = { LATHE_ISA: lower };
    const whole = await runs.train('lower-whole', settings, { env }).ended;
    expect(whole, whole.stderr).toMatchObject({ code: 0 });
    const end = await killAtStep((options) => runs.train('lower', settings, { ...options, env }), 12, 0);
    expect(end.signal).toBe('SIGKILL');
    const rest = await runs.resume('lower').ended;
    expect(rest, rest.stderr).toMatchObject({ code: 0 });
    expect(runs.result('lower')).toEqual(runs.result('lower-whole'));
  });

  it('goes on after files were only copied or touched', async () => {
    const place = await stoppedIn('touched');
    utimesSync(place.data, new Date(), new Date(Date.now() - 86_400_000));
    cpSync(place.model, `${place.model}-copy`, { recursive: true });
    const end = await place.resume('run').ended;
    expect(end, end.stderr).toMatchObject({ code: 0 });
  });
});

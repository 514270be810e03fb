/** What a page shows of a run: one that was loaded anew has what one has that never left, also across a host that was killed. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunDetails, RunMetrics } from '../../shared/contracts/run-calls.ts';
import type { RunLogLine } from '../../shared/contracts/run-events.ts';
import { HttpHost, type SseEvent } from '../support/http-host.ts';
import { waitFor } from '../support/lathe-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { writeTinyData, writeTinyModel } from '../support/tiny-model.ts';

type StepLine = Extract<RunLogLine, { event: 'step' }>;
type EvalLine = Extract<RunLogLine, { event: 'eval' }>;
interface Line {
  readonly line: number;
  readonly body: RunLogLine;
}

const call = async <Value>(host: HttpHost, name: string, input: unknown): Promise<Value> => {
  const answer = await host.post(`/v1/calls/${name}`, input);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.json() as Value;
};

const linesOf = async (host: HttpHost, run: string): Promise<readonly Line[]> =>
  (await call<{ lines: readonly Line[] }>(host, 'runs.lines', { run, limit: 1_000 })).lines;

/** A page that is loaded now. */
async function shown(host: HttpHost, run: string) {
  const { pid: _, ...details } = await call<RunDetails>(host, 'runs.get', { run });
  const { steps, evaluations } = await call<RunMetrics>(host, 'runs.metrics', { run });
  const lines = (await linesOf(host, run)).map(({ body }) => body);
  return { details, step: steps.step, loss: steps.loss, tokens: steps.tokens, evaluations, lines };
}

/** A page that stays: it asks for everything where it is told that it missed some, and else goes by what it hears. */
class Page {
  readonly run: string;
  lastId = '';
  resets = 0;
  steps: Pick<StepLine, 'step' | 'loss' | 'tokens'>[] = [];
  evaluations: Pick<EvalLine, 'step' | 'eval_loss' | 'best'>[] = [];
  lines: RunLogLine[] = [];
  state = '';
  revision = 0;

  constructor(run: string) {
    this.run = run;
  }

  /** Ends with the host, or with the run. */
  async follow(host: HttpHost, isEnough: () => boolean): Promise<void> {
    const headers = this.lastId === '' ? {} : { 'last-event-id': this.lastId };
    const heard: SseEvent[] = [];
    let isLoaded = false;
    const take = (event: SseEvent): boolean => {
      this.lastId = event.id;
      if (event.event === 'reset' || event.event === 'ready') {
        if (event.event === 'reset') this.resets += 1;
        void this.load(host).then(() => {
          isLoaded = true;
          heard.splice(0).forEach((each) => this.hear(each));
        });
      } else if (isLoaded) this.hear(event);
      else heard.push(event);
      return isLoaded && isEnough();
    };
    await host.events('/v1/events?events=run.changed,run.logged', take, { headers }).catch(() => undefined);
  }

  /** What comes meanwhile is heard afterwards; what it was loaded with already is left out. */
  async load(host: HttpHost): Promise<void> {
    const { details, step, loss, tokens, evaluations, lines } = await shown(host, this.run);
    this.steps = step.map((number, i) => ({ step: number, loss: loss[i] ?? 0, tokens: tokens[i] ?? 0 }));
    this.evaluations = [...evaluations];
    this.lines = [...lines];
    this.state = details.state;
    this.revision = details.revision;
  }

  hear({ event, data }: SseEvent): void {
    if (data['run'] !== this.run) return;
    if (event === 'run.changed') {
      this.state = String(data['state']);
      this.revision = Number(data['revision']);
      return;
    }
    for (const line of data['lines'] as RunLogLine[]) this.#add(line);
  }

  #add(line: RunLogLine): void {
    const known = JSON.stringify(line);
    if (line.event === 'step') {
      this.steps = [...this.steps.filter(({ step }) => step < line.step), { step: line.step, loss: line.loss, tokens: line.tokens }];
      this.evaluations = this.evaluations.filter(({ step }) => step < line.step);
    } else if (line.event === 'eval') {
      const { step, eval_loss, best } = line;
      this.evaluations = [...this.evaluations.filter((each) => each.step !== step), { step, eval_loss, best }];
    } else if (line.event !== 'progress' && line.event !== 'text' && !this.lines.some((each) => JSON.stringify(each) === known)) this.lines.push(line);
  }
}

const folder = temporaryFolder();
const training = { max_steps: 60, max_epochs: 100, batch_size: 4, gradient_accumulation: 2, save_steps: 4, eval_steps: 5 };
const ended = ['done', 'failed', 'cancelled', 'interrupted'];
let host: HttpHost;
let config: unknown;
beforeAll(async () => {
  host = await HttpHost.start(join(folder, 'home'));
  const [model, path] = [await writeTinyModel(join(folder, 'model')), writeTinyData(join(folder, 'rows.jsonl'), 200)];
  config = { model, data: { path, holdout_fraction: 0.1 }, training };
}, 90_000);
afterAll(() => host.kill());

async function requireSame(page: Page): Promise<void> {
  const { details, step, loss, tokens, evaluations, lines } = await shown(host, page.run);
  const stays = { step: page.steps.map((each) => each.step), loss: page.steps.map((each) => each.loss), tokens: page.steps.map((each) => each.tokens) };
  expect(stays).toEqual({ step, loss, tokens });
  expect(page.evaluations).toEqual(evaluations);
  expect(page.lines).toEqual(lines);
  expect([page.state, page.revision]).toEqual([details.state, details.revision]);
  expect(step).toEqual(Array.from({ length: training.max_steps }, (_, i) => i + 1));
}

describe('a page that stays and one that is loaded anew', { timeout: 180_000 }, () => {
  it('show the same', async () => {
    const { run } = await call<{ run: string }>(host, 'runs.start', { config });
    const page = new Page(run);
    const other = new Page(run);
    const stays = page.follow(host, () => ended.includes(page.state));
    // One that comes and goes on the way.
    await other.follow(host, () => other.steps.length > 8);
    await other.follow(host, () => ended.includes(other.state));
    await stays;
    expect(page.state).toBe('done');
    await requireSame(page);
    await other.load(host);
    await requireSame(other);
  });

  it('show the same where the host was killed and came again', async () => {
    const { run } = await call<{ run: string }>(host, 'runs.start', { config });
    const page = new Page(run);
    const stays = page.follow(host, () => false);
    expect(await waitFor(() => page.steps.length > 10, 60_000)).toBe(true);
    const before = await linesOf(host, run);
    await host.kill();
    await stays;
    host = await HttpHost.start(join(folder, 'home'));
    const { details } = await shown(host, run);
    expect(details.state).toBe('interrupted');
    const again = page.follow(host, () => ended.includes(page.state) && page.state !== 'interrupted');
    expect(await waitFor(() => page.resets === 1, 30_000)).toBe(true);
    await call(host, 'runs.resume', { run });
    await again;
    expect(page.state).toBe('done');
    await requireSame(page);
    // Lines keep their numbers: who asks for what came after one misses nothing.
    expect((await linesOf(host, run)).slice(0, before.length)).toEqual(before);
  });
});

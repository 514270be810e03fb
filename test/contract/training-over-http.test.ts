/** The guide's way over HTTP: start, status, events, stop, with its bodies as printed. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunDetails } from '../../shared/contracts/run-calls.ts';
import { hostOfTests } from '../support/host-of-tests.ts';
import type { SseEvent } from '../support/http-host.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const asPrinted = { model_name: 'lathe-base', dataset_name: 'support', config: { epochs: 3, batch_size: 4, learning_rate: 2e-4 } };
const short = { ...asPrinted, config: { ...asPrinted.config, max_steps: 3 } };
const isEnd = ({ event, data }: SseEvent): boolean => event === 'run.changed' && ['done', 'failed', 'cancelled', 'interrupted'].includes(String(data['state']));

const folder = temporaryFolder();
const host = await hostOfTests(folder);

describe('training over HTTP', { timeout: 180_000 }, () => {
  it('takes the body of the guide, answers 202 with an id, and obeys it', async () => {
    const started = await host.post('/v1/training/start', asPrinted);
    expect(started.status).toBe(202);
    const id = String(started.json()['id']);
    expect(started.headers.location).toBe(`/v1/training/status/${id}`);
    const details = (await host.post('/v1/calls/runs.get', { run: id })).json() as unknown as RunDetails;
    expect(details.request.config.training).toMatchObject({ max_epochs: 3, batch_size: 4, learning_rate: 2e-4 });
    expect(details.request.explicit).toContain('training.max_epochs');
    const stopped = await host.post(`/v1/training/stop/${id}`, {});
    expect([stopped.status, ['stopping', 'cancelled'].includes(String(stopped.json()['state']))]).toEqual([202, true]);
  });

  it('tells of a run until its end, and the status agrees with the last event', async () => {
    const stream = host.events('/v1/events?events=run.changed,run.logged', (event) => isEnd(event) && event.data['run'] === id);
    let id = '';
    id = String((await host.post('/v1/training/start', short)).json()['id']);
    const heard = await stream;
    const lines = heard.filter(({ event, data }) => event === 'run.logged' && data['run'] === id).flatMap(({ data }) => data['lines'] as { event: string }[]);
    expect(lines.filter(({ event }) => event === 'step')).toHaveLength(3);
    const status = await host.ask(`/v1/training/status/${id}`);
    expect(status.json()).toMatchObject({ id, run: id, state: 'done', step: 3, steps: 3 });
    expect(heard.at(-1)?.data).toMatchObject({ revision: status.json()['revision'] });
  });

  it('refuses what it does not know by name and place', async () => {
    const refused = await host.post('/v1/training/start', { ...asPrinted, config: { epoch: 3 } });
    expect(refused.status).toBe(422);
    expect(refused.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(refused.json()).toMatchObject({ status: 422, code: 'INPUT_INVALID', detail: 'body.config: Unrecognized key: "epoch"' });
    const twice = await host.post('/v1/training/start', { ...asPrinted, config: { epochs: 3 }, training: { max_epochs: 2 } });
    expect(twice.json()).toMatchObject({ code: 'INPUT_INVALID', detail: 'body.training.max_epochs: config says it already' });
    const missing = await host.post('/v1/training/start', { ...asPrinted, dataset_name: 'nobody' });
    expect([missing.status, missing.json()['code']]).toEqual([404, 'FILE_MISSING']);
  });

  it('keeps the first token to the user', () => {
    expect(statSync(join(host.home, 'token')).mode & 0o777).toBe(0o600);
  });
});

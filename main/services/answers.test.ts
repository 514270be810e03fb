import { describe, expect, it } from 'vitest';
import { emptyStore, testTime } from '../../test/support/empty-store.ts';
import { Answers, type Answered } from './answers.ts';

const hours = 3_600_000;
const asked = { caller: 'c', key: 'k', request: 'POST /v1/x {}' };

function opened() {
  const clock = { now: Date.parse(testTime) };
  let done = 0;
  const { answers: rows } = emptyStore().store;
  const answers = new Answers(rows, () => new Date(clock.now));
  const once = (said: Partial<typeof asked> = {}): Promise<Answered> =>
    answers.once({ ...asked, ...said }, () => Promise.resolve({ status: 201, body: `{"n":${(done += 1)}}` }));
  return { clock, rows, answers, once, done: () => done };
}

describe('a request with a key', () => {
  it('is done once, and answered alike each time', async () => {
    const { once, done } = opened();
    expect(await once()).toEqual({ status: 201, body: '{"n":1}', isRepeated: false });
    expect(await once()).toEqual({ status: 201, body: '{"n":1}', isRepeated: true });
    expect(done()).toBe(1);
  });

  it('shares its key with no other caller', async () => {
    const { once } = opened();
    await once();
    expect(await once({ caller: 'other' })).toMatchObject({ body: '{"n":2}', isRepeated: false });
  });

  it('must be the same request', async () => {
    const { once, done } = opened();
    await once();
    await expect(once({ request: 'POST /v1/x {"a":1}' })).rejects.toMatchObject({ code: 'KEY_REUSED' });
    expect(done()).toBe(1);
  });

  it('that was refused did nothing, so that its key is free', async () => {
    const { answers, once } = opened();
    await expect(answers.once(asked, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await once()).toMatchObject({ isRepeated: false });
  });

  it('is undecided while it is worked on, and after a crash', async () => {
    const { answers, once, rows, done } = opened();
    let finish: (answer: { status: number; body: string }) => void = () => undefined;
    const first = answers.once(asked, () => new Promise((resolve) => (finish = resolve)));
    await expect(once()).rejects.toMatchObject({ code: 'KEY_UNDECIDED' });
    finish({ status: 200, body: '1' });
    expect(await first).toMatchObject({ status: 200 });
    expect(await once()).toMatchObject({ body: '1', isRepeated: true });
    rows.reserve({ caller: 'c', key: 'lost' }, rows.find(asked)?.request ?? '', testTime);
    await expect(once({ key: 'lost' })).rejects.toMatchObject({ code: 'KEY_UNDECIDED' });
    expect(done()).toBe(0);
  });

  it('is forgotten after a day', async () => {
    const { clock, once } = opened();
    await once();
    clock.now += 24 * hours;
    expect((await once()).isRepeated).toBe(true);
    clock.now += 1;
    expect((await once()).isRepeated).toBe(false);
  });
});

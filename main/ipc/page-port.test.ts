import { describe, expect, it, vi } from 'vitest';
import { contractVersion } from '../../shared/contracts/calls.ts';
import { CoreMessage } from '../../shared/contracts/page-messages.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { keepingLogger, type KeptLine } from '../../test/support/keeping-logger.ts';
import { PagePort } from './page-port.ts';

function opened(dispatch: (name: string, input: unknown) => Promise<unknown> = () => Promise.resolve(null)) {
  const heard: CoreMessage[] = [];
  const lines: KeptLine[] = [];
  const send = (message: CoreMessage): void => void heard.push(CoreMessage.parse(structuredClone(message)));
  return { port: new PagePort({ send, dispatch, log: keepingLogger(lines), logPath: () => '/the.log' }), heard, lines };
}

describe('the port of a page', () => {
  it('greets, answers by number, and says when no core is there', async () => {
    const { port, heard } = opened((name, input) => Promise.resolve({ name, input }));
    port.hello();
    await port.hear({ id: 7, name: 'runs.list', input: { limit: 1 } });
    port.lost();
    expect(heard).toEqual([
      { kind: 'hello', contract: contractVersion },
      { kind: 'answer', id: 7, answer: { ok: true, value: { name: 'runs.list', input: { limit: 1 } } } },
      { kind: 'lost' },
    ]);
  });

  it('answers with the error of the call, which is no matter of the log', async () => {
    const { port, heard, lines } = opened(() => Promise.reject(new AppError('RUN_STATE', { run: 'x', state: 'done', change: 'pause' })));
    await port.hear({ id: 1, name: 'runs.get', input: {} });
    expect(heard).toMatchObject([{ kind: 'answer', id: 1, answer: { ok: false, error: { code: 'RUN_STATE' } } }]);
    expect(lines).toEqual([]);
  });

  it('makes an INTERNAL of what is none of ours, names the log, and writes it there', async () => {
    const { port, heard, lines } = opened(() => Promise.reject(new TypeError('it has no such method')));
    await port.hear({ id: 1, name: 'runs.get', input: {} });
    expect(heard).toMatchObject([{ answer: { ok: false, error: { code: 'INTERNAL', facts: { log: '/the.log' } } } }]);
    expect(lines).toMatchObject([
      { level: 'error', message: 'a call of a page failed', fields: { name: 'runs.get', stack: expect.stringContaining('TypeError') } },
    ]);
  });

  it.each([
    ['hello'],
    [null],
    [{ name: 'runs.list', input: {} }],
    [{ id: -1, name: 'runs.list', input: {} }],
    [{ id: 1, name: 'runs.list', input: {}, more: 1 }],
  ])('gives %j no answer', async (raw) => {
    const dispatch = vi.fn(() => Promise.resolve(null));
    const { port, heard, lines } = opened(dispatch);
    await port.hear(raw);
    expect([heard, dispatch.mock.calls]).toEqual([[], []]);
    expect(lines).toMatchObject([{ level: 'warn', message: 'a page sent what is not in the contract' }]);
  });

  it('tells what happens until it is closed, and nothing after: no event, no answer', async () => {
    let finish: (value: null) => void = () => undefined;
    const { port, heard } = opened(() => new Promise((resolve) => (finish = resolve)));
    port.tell({ event: 'run.removed', data: { run: 'a' } });
    expect(heard).toEqual([{ kind: 'event', event: 'run.removed', data: { run: 'a' } }]);
    const answered = port.hear({ id: 1, name: 'runs.list', input: {} });
    port.close();
    port.tell({ event: 'run.removed', data: { run: 'b' } });
    finish(null);
    await answered;
    expect(heard).toHaveLength(1);
  });
});

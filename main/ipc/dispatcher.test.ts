import { describe, expect, it, onTestFinished } from 'vitest';
import { calls, type CallName } from '../../shared/contracts/calls.ts';
import { isAllowed, roles } from '../../shared/domain/role.ts';
import { ownFolder } from '../../test/support/empty-store.ts';
import type { KeptLine } from '../../test/support/keeping-logger.ts';
import { quietCore, quietUser } from '../../test/support/quiet-core.ts';

function opened() {
  const lines: KeptLine[] = [];
  const core = quietCore(ownFolder(), lines);
  onTestFinished(async () => {
    await core.stopWork();
    core.close();
  });
  const ask = (name: string, input: unknown, role = quietUser().role): Promise<unknown> => core.dispatcher.dispatch(name, input, { ...quietUser(), role });
  return { ask, lines };
}

describe('a call', () => {
  it('fills in what was left out, and answers', async () => {
    expect(await opened().ask('runs.list', {})).toEqual({ runs: [], next: null });
  });

  it.each(['runs.explode', 'toString', '__proto__', 'constructor', ''])('that there is none of is refused: %j', async (name) => {
    await expect(opened().ask(name, {})).rejects.toMatchObject({ code: 'CHANNEL_UNKNOWN', facts: { name } });
  });

  it.each([
    [{ run: '' }, 'runs.get.run'],
    [{ run: 7 }, 'runs.get.run'],
    [{}, 'runs.get.run'],
    [{ run: 'a', more: 1 }, 'runs.get'],
    [null, 'runs.get'],
    [[], 'runs.get'],
  ])('is refused with where its input is wrong: %j', async (input, where) => {
    await expect(opened().ask('runs.get', input)).rejects.toMatchObject({ code: 'INPUT_INVALID', facts: { where } });
  });

  it('is refused to each lower role before its input is looked at', async () => {
    const { ask } = opened();
    for (const name of Object.keys(calls) as CallName[])
      for (const role of roles.filter((each) => !isAllowed(each, calls[name].role)))
        await expect(ask(name, Symbol('never parsed'), role)).rejects.toMatchObject({
          code: 'ROLE_MISSING',
          facts: { action: name, needs: calls[name].role, has: role },
        });
  });

  it('leaves one line with its own id, its time and how it went, and nothing of its input', async () => {
    const { ask, lines } = opened();
    lines.length = 0;
    await ask('runs.list', { text: 'private words' });
    await ask('runs.get', { run: 'private words' }).catch(() => undefined);
    const told = lines.filter(({ name }) => name === 'calls');
    expect(told.map(({ message, fields }) => [message, fields['name'], fields['outcome']])).toEqual([
      ['call answered', 'runs.list', 'ok'],
      ['call answered', 'runs.get', 'RUN_UNKNOWN'],
    ]);
    expect(new Set(told.map(({ fields }) => fields['call'])).size).toBe(2);
    expect(JSON.stringify(lines)).not.toContain('private');
  });
});

import { describe, expect, it } from 'vitest';
import type { Role } from '../../shared/domain/role.ts';
import { checkFiles } from './file-fields.ts';

/** `where: problem` of what is refused; null: nothing is. */
const refused = (call: string, input: unknown, role: Role = 'admin'): string | null => {
  try {
    checkFiles(call, input, role);
    return null;
  } catch (error) {
    const { code, facts } = error as { code: string; facts: { where: string; problem: string } };
    return code === 'PATH_FORBIDDEN' ? `${facts.where}: ${facts.problem}` : code;
  }
};

describe('a file that a request names', () => {
  it('may be one of a shelf, for everybody', () => {
    expect(refused('runs.start', { config: { model: 'llama', data: { path: 'rows' }, lora: { init_adapter: 'support@1.0.0' } } }, 'trainer')).toBeNull();
  });

  it('may be a path for an admin alone', () => {
    const input = { config: { model: '/models/llama.gguf' } };
    expect([refused('runs.start', input), refused('runs.start', input, 'deployer')]).toEqual([null, 'config.model: paths of this machine are for admins']);
  });

  it.each(['../up', 'a/../../b', '/a/../b', '..', '.', 'a\\..\\b'])('leads nowhere else: %j', (path) => {
    expect(refused('runs.start', { config: { data: { path } } })).toBe('config.data.path: it leads elsewhere');
  });

  it.each([
    ['a relative path', 'runs.start', { dir: 'out' }, 'dir: a path must be absolute'],
    ['a path below a name', 'runs.start', { config: { model: 'a/b' } }, 'config.model: a path must be absolute'],
    ['a zero byte', 'runs.start', { config: { model: 'a\0b' } }, 'config.model: it holds a zero byte'],
    ['in a list', 'x', { jobs: [{}, { to: 'out' }] }, 'jobs.1.to: a path must be absolute'],
    ['a name where a shelf is filled', 'models.add', { path: 'llama' }, 'path: a path must be absolute'],
  ])('is refused: %s', (_, call, input, expected) => expect(refused(call, input)).toBe(expected));

  it('has no shelf where a folder is made or a shelf is filled', () => {
    for (const [call, input] of [
      ['runs.start', { dir: 'out' }],
      ['registry.import', { path: 'adapter' }],
    ] as const)
      expect(refused(call, input, 'trainer')).toMatch(/for admins$/);
    expect(refused('datasets.check', { path: 'rows' }, 'viewer')).toBeNull();
  });

  it('is not looked for in free words, nor in what is no object', () => {
    expect(refused('registry.register', { metadata: { path: '../up' }, parameters: { model: '../x' } }, 'viewer')).toBeNull();
    for (const input of [null, 'text', 7, undefined, { model: 7, path: null }]) expect(refused('x', input, 'viewer')).toBeNull();
  });
});

/** Secrets typed on a real terminal: what is asked, and that nothing typed is shown. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openKey } from '../../main/platform/seal.ts';
import { readSecrets } from '../../main/platform/secret-store.ts';
import { isKept } from '../../shared/domain/sealed-secret.ts';
import { waitFor } from '../support/lathe-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const command = join(import.meta.dirname, '..', '..', 'main', 'cli', 'bin.js');
const hasTerminals = String(spawnSync('script', ['--version']).stdout).includes('util-linux');

interface Typed {
  readonly code: number;
  /** All that the terminal showed. */
  readonly screen: string;
}

/** Answers each question when it is there. */
async function onTerminal(home: string, answers: readonly (readonly [question: string, answer: string])[]): Promise<Typed> {
  const { LATHE_SECRET_KEY: _, ...environment } = process.env;
  const child = spawn('script', ['-qec', `'${process.execPath}' --disable-warning=ExperimentalWarning '${command}' secret set hana.password`, '/dev/null'], {
    env: { ...environment, NODE_OPTIONS: '', LATHE_HOME: home, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere', XDG_RUNTIME_DIR: folder },
  });
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (screen += text));
  const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)));
  for (const [question, answer] of answers) {
    const from = screen.length;
    if (!(await waitFor(() => screen.includes(question, Math.max(0, from - question.length)), 60_000)))
      throw new Error(`"${question}" was not asked: ${screen}`);
    child.stdin.write(answer);
  }
  return { code: await ended, screen };
}

describe.skipIf(!hasTerminals)(`on a terminal${hasTerminals ? '' : ' (SKIPPED: no `script` of util-linux)'}`, { timeout: 180_000 }, () => {
  const home = join(folder, 'home');

  it('a passphrase is asked twice the first time, then the secret; nothing typed is shown', async () => {
    const typed = await onTerminal(home, [
      ['Passphrase of the secrets: ', 'Horse-Staplf\u007fe-77\r'],
      ['The same once more: ', 'Horse-Staple-77\r'],
      ['hana.password: ', 'Planted-55aa\r'],
    ]);
    expect(typed).toMatchObject({ code: 0, screen: expect.stringContaining('hana.password is kept.') });
    expect(['Horse', 'Staple', 'Planted'].filter((text) => typed.screen.includes(text))).toEqual([]);
    const file = readSecrets(home);
    if (file === null || isKept(file.lock)) throw new Error('no file with a passphrase');
    const sealed = file.secrets['hana.password'];
    expect(sealed && (await openKey('Horse-Staple-77', file.lock)).unseal('hana.password', sealed)).toBe('Planted-55aa');
  });

  it('is asked once later, and a wrong one is refused', async () => {
    const before = readFileSync(join(home, 'secrets.json'), 'utf8');
    const typed = await onTerminal(home, [['Passphrase of the secrets: ', 'another\r']]);
    expect(typed).toMatchObject({ code: 2, screen: expect.stringContaining('does not open the secrets') });
    expect(typed.screen).not.toContain('once more');
    expect(readFileSync(join(home, 'secrets.json'), 'utf8')).toBe(before);
  });

  it.each([
    ['two that differ', ['one\r', 'two\r'], 2],
    ['Ctrl-C', ['on\u0003'], 130],
  ] as const)('%s keep nothing', async (name, [first, second], code) => {
    const bare = join(folder, name.replaceAll(' ', '-'));
    const more = second === undefined ? [] : [['The same once more: ', second] as const];
    expect(await onTerminal(bare, [['Passphrase of the secrets: ', first], ...more])).toMatchObject({ code });
    expect(existsSync(join(bare, 'secrets.json'))).toBe(false);
  });
});

/** Secrets with the keyring of a real desktop session, in one that is locked, and where there is none. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { lathe } from '../support/lathe-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const planted = 'Planted-4c3b2a1908';
const root = join(import.meta.dirname, '..', '..');
const command = join(root, 'main', 'cli', 'bin.js');
const reader = join(root, 'test', 'support', 'read-kept-secret.ts');
const home = join(folder, 'lathe');
const valueFile = join(folder, 'value');

const isThere = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
const missing = ['dbus-run-session', 'gnome-keyring-daemon'].filter((program) => process.platform !== 'linux' || !isThere(program));

interface End {
  readonly code: number | null;
  readonly said: string;
  readonly json: Readonly<Record<string, unknown>>;
}

/** A login session of its own, with a bus; unlocked by a password, as a log-on does, or locked. */
function inSession(script: string, { password }: { readonly password: string | null }): End {
  const unlock = password === null ? '' : `printf '${password}\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; `;
  const user = join(folder, 'user');
  mkdirSync(user, { recursive: true });
  const { DISPLAY: _, WAYLAND_DISPLAY: __, LATHE_SECRET_KEY: ___, ...environment } = process.env;
  const { status, stdout, stderr } = spawnSync('dbus-run-session', ['--', 'sh', '-c', unlock + script], {
    encoding: 'utf8',
    env: {
      ...environment,
      NODE_OPTIONS: '--disable-warning=ExperimentalWarning',
      HOME: user,
      XDG_DATA_HOME: join(user, 'data'),
      XDG_RUNTIME_DIR: user,
      LATHE_HOME: home,
    },
  });
  const line = stdout.split('\n').find((each) => each.startsWith('{')) ?? '{}';
  return { code: status, said: stdout + stderr, json: JSON.parse(line) as End['json'] };
}

const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(' ');
const node = (...args: string[]): string => quoted([process.execPath, ...args]);

const filesWith = (place: string, bytes: readonly (string | Buffer)[]): string[] =>
  readdirSync(place, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const path = join(place, name);
    return statSync(path).isFile() && bytes.some((each) => readFileSync(path).includes(each));
  });

describe.skipIf(missing.length > 0)(
  `with the system's keyring${missing.length > 0 ? ` (SKIPPED: no ${missing.join(', no ')})` : ''}`,
  // The desktop's daemon may not be on its bus yet when it says that it is.
  { timeout: 60_000, retry: 2 },
  () => {
    beforeAll(() => {
      writeFileSync(valueFile, planted);
      const set = inSession(`${node(command, 'secret', 'set', 'hana.password', '--json')} < ${quoted([valueFile])}`, { password: 'log-on' });
      writeFileSync(valueFile, '');
      expect(set).toMatchObject({ code: 0, json: { name: 'hana.password' } });
      expect(set.said).not.toContain(planted);
    });

    it('a secret is kept without a passphrase, read back by a later session, and in no file', () => {
      const read = inSession(node(reader, home, 'hana.password'), { password: 'log-on' });
      expect(read.json).toMatchObject({ value: createHash('sha256').update(planted).digest('hex'), key: expect.stringMatching(/^[0-9a-f]{64}$/) });
      const key = Buffer.from(String(read.json['key']), 'hex');
      expect(filesWith(folder, [planted, Buffer.from(planted).toString('base64'), key, key.toString('hex'), key.toString('base64')])).toEqual([]);
      expect(JSON.parse(readFileSync(join(home, 'secrets.json'), 'utf8'))).toMatchObject({ lock: { kdf: { name: 'keyring' } } });
    });

    it('the doctor says where the key is', () => {
      const told = inSession(node(command, 'doctor', '--json'), { password: 'log-on' });
      expect(told.json).toMatchObject({ secrets: { key: 'keyring', problem: null } });
    });

    it('a locked one keeps the secret to itself, and asks for no passphrase instead', () => {
      const set = inSession(`${node(command, 'secret', 'set', 'other', '--json')} < /dev/null`, { password: null });
      expect(set).toMatchObject({ code: 2, json: { event: 'error', code: 'SECRET_KEYRING' } });
      expect(inSession(node(command, 'doctor', '--json'), { password: null }).json).toMatchObject({ secrets: { key: 'keyring', problem: expect.any(String) } });
    });
  },
);

it('without a keyring there is the passphrase, which one line of the log tells', async () => {
  const elsewhere = join(folder, 'bare');
  const noBus = { LATHE_HOME: elsewhere, LATHE_SECRET_KEY: '', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere', XDG_RUNTIME_DIR: folder };
  const end = await lathe(['secret', 'set', 'name', '--json'], { env: noBus });
  if (process.platform !== 'linux') return;
  expect(end).toMatchObject({ code: 2, events: [{ event: 'error', code: 'SECRET_KEY_MISSING' }] });
  const log = readdirSync(join(elsewhere, 'logs')).flatMap((name) => readFileSync(join(elsewhere, 'logs', name), 'utf8').split('\n'));
  expect(log.filter((line) => line.includes('no keyring; secrets are sealed with a passphrase'))).toHaveLength(1);
  const told = await lathe(['doctor', '--json'], { env: noBus });
  expect(told.events[0]).toMatchObject({ secrets: { key: 'passphrase', problem: expect.any(String) } });
});

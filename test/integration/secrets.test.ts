/** A planted secret is nowhere to be found: not in LATHE_HOME, not in a backup, not in what a command writes, not in how it is called. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { SecretKeys } from '../../main/platform/secret-keys.ts';
import { fileSecrets } from '../../main/platform/secret-store.ts';
import { systemKeyring } from '../../main/platform/system-keyring.ts';
import { keepingLogger } from '../support/keeping-logger.ts';
import { waitFor } from '../support/lathe-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { TinyRuns } from '../support/tiny-runs.ts';

const folder = temporaryFolder();
const planted = 'Planted-9f8e7d6c5b';
const passphrase = 'Horse-Battery-Staple-31';
const forms = (text: string): readonly string[] => [
  text,
  Buffer.from(text).toString('base64').replace(/=+$/, ''),
  Buffer.from(text).toString('hex'),
  encodeURIComponent(text),
];
const traces = [...forms(planted), ...forms(passphrase)];
const noKeyring = systemKeyring(() => Promise.reject(new Error('none here')));
const keysOf = (given: string) => new SecretKeys({ keeper: noKeyring, passphrase: () => Promise.resolve(given), log: keepingLogger() });
const entry = join(import.meta.dirname, '..', '..', 'main', 'cli', 'bin.js');
let runs: TinyRuns;
let said = '';

interface End {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** With something on its standard input; all it says and how it was called is kept for the search. */
async function lathe(args: readonly string[], { input = '', key = passphrase }: { input?: string; key?: string } = {}): Promise<End> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, ...args], {
    env: { ...process.env, NODE_OPTIONS: '', LATHE_HOME: runs.home, LATHE_SECRET_KEY: key },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const [out, err]: string[][] = [[], []];
  child.stdout.setEncoding('utf8').on('data', (text: string) => out?.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => err?.push(text));
  const call = existsSync(`/proc/${child.pid ?? 0}/cmdline`) ? readFileSync(`/proc/${child.pid ?? 0}/cmdline`, 'utf8') : '';
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number];
  const end = { code, stdout: (out ?? []).join(''), stderr: (err ?? []).join('') };
  said += call + end.stdout + end.stderr;
  return end;
}

function filesWith(place: string, texts: readonly string[]): string[] {
  return readdirSync(place, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const path = join(place, name);
    return statSync(path).isFile() && texts.some((text) => readFileSync(path).includes(text));
  });
}

describe('a secret', { timeout: 180_000 }, () => {
  beforeAll(async () => {
    runs = await TinyRuns.in(folder, { rows: 20 });
    expect(await lathe(['secret', 'set', 'hana.password'], { input: `${planted}\n` })).toMatchObject({ code: 0 });
  });

  it('is read back with its passphrase, and by nobody without', async () => {
    expect(await fileSecrets(runs.home, keysOf(passphrase)).get('hana.password')).toBe(planted);
    await expect(fileSecrets(runs.home, keysOf('another')).get('hana.password')).rejects.toMatchObject({ code: 'SECRET_KEY_WRONG' });
    await expect(fileSecrets(runs.home, keysOf(passphrase)).get('other')).rejects.toMatchObject({ code: 'SECRET_UNKNOWN' });
    expect(statSync(join(runs.home, 'secrets.json')).mode & 0o777).toBe(0o600);
  });

  it('is refused with a wrong passphrase, without one, empty, and as an argument', async () => {
    expect(await lathe(['secret', 'set', 'second'], { input: planted, key: 'another' })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('passphrase'),
    });
    expect(await lathe(['secret', 'set', 'second'], { input: planted, key: '' })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('LATHE_SECRET_KEY'),
    });
    expect(await lathe(['secret', 'set', 'second'], { input: '\n' })).toMatchObject({ code: 2 });
    const asArgument = await lathe(['secret', 'set', 'second', 'in-the-open']);
    expect(asArgument).toMatchObject({ code: 2, stderr: expect.stringContaining('standard input') });
    expect(asArgument.stderr).not.toContain('in-the-open');
    expect(JSON.parse((await lathe(['secret', 'list', '--json'])).stdout)).toMatchObject({ secrets: [{ name: 'hana.password' }] });
  });

  it('that stands in for another, or was changed, is not taken', async () => {
    expect(await lathe(['secret', 'set', 'localai.token'], { input: 'other value' })).toMatchObject({ code: 0 });
    const path = join(runs.home, 'secrets.json');
    const before = readFileSync(path, 'utf8');
    const file = JSON.parse(before) as { secrets: Record<string, { data: string }> };
    const of = fileSecrets(runs.home, keysOf(passphrase));
    writeFileSync(path, JSON.stringify({ ...file, secrets: { ...file.secrets, 'hana.password': file.secrets['localai.token'] } }));
    await expect(of.get('hana.password')).rejects.toMatchObject({ code: 'SECRET_DAMAGED' });
    writeFileSync(path, before.slice(0, 50));
    await expect(of.get('hana.password')).rejects.toMatchObject({ code: 'SECRETS_FILE_INVALID' });
    expect(await lathe(['secret', 'list'])).toMatchObject({ code: 3 });
    writeFileSync(path, before);
    expect(await lathe(['secret', 'remove', 'localai.token'])).toMatchObject({ code: 0 });
  });

  it('leaves no trace anywhere', async () => {
    const out = runs.out('run');
    let computing = '';
    const training = lathe(['train', '--json', '--model', runs.model, '--data', runs.data, '--max-steps', '30', '--out', out]);
    await waitFor(() => {
      for (const pid of existsSync('/proc') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : []) {
        const read = (file: string): string => {
          try {
            return readFileSync(`/proc/${pid}/${file}`, 'utf8');
          } catch {
            return '';
          }
        };
        if (read('cmdline').includes(join('worker', 'index.ts')) && read('environ').includes(runs.home)) computing ||= read('cmdline') + read('environ');
      }
      return computing !== '' || !existsSync('/proc');
    }, 30_000);
    expect(await training).toMatchObject({ code: 0 });
    expect(await lathe(['backup', join(folder, 'backups')])).toMatchObject({ code: 0 });
    said += (await lathe(['audit', 'list', '--json'])).stdout;
    expect(said).toContain('secret hana.password');
    expect(traces.filter((text) => said.includes(text) || computing.includes(text))).toEqual([]);
    // What the search can find: the name, which is no secret.
    expect(filesWith(runs.home, ['hana.password'])).toContain('secrets.json');
    expect(filesWith(folder, traces)).toEqual([]);
  });
});

/** A real LocalAI server for one test file, where the packed one lies beside the checkout (`LATHE_TEST_LOCALAI` or ../shared/tools/localai). */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = process.env['LATHE_TEST_LOCALAI'] ?? fileURLToPath(new URL('../../../shared/tools/localai', import.meta.url));
const script = join(folder, 'start.sh');

/** Why there is none here; null: there is. */
export const whyNoLocalAi: string | null =
  process.platform !== 'linux' || process.arch !== 'x64'
    ? 'the packed LocalAI is for Linux on x86-64'
    : existsSync(script)
      ? null
      : 'no ../shared/tools/localai';

export interface LocalAiServer {
  readonly url: string;
  stop(): Promise<void>;
}

export interface LocalAiSettings {
  /** Its models folder. */
  readonly models: string;
  readonly key?: string;
  /** `LOCALAI_DISABLE_WEBUI=true` */
  readonly env?: readonly string[];
}

export async function startLocalAi({ models, key, env = [] }: LocalAiSettings): Promise<LocalAiServer> {
  const port = await freePort();
  const args = [String(port), models, ...(key === undefined ? [] : ['--api-key', key]), ...env.flatMap((one) => ['--env', one])];
  const child = spawn(script, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  await untilReady(child);
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      if (child.exitCode !== null) resolve();
      child.once('exit', () => {
        resolve();
      });
      child.kill('SIGTERM');
    });
  return { url: `http://127.0.0.1:${String(port)}`, stop };
}

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (text: Buffer) => {
      if (text.toString().includes('ready')) resolve();
    });
    child.stderr?.on('data', (text: Buffer) => (said += text.toString()));
    child.once('exit', (code) => {
      reject(new Error(`LocalAI ended with ${String(code)}: ${said}`));
    });
  });
}

export function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}

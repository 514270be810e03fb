/**
 * Where a server keeps its models, as a path there. An installation that leaves nothing behind when it fails needs it; no call tells it, but an import
 * that cannot be written names the file. It is made to fail before it changes anything: into a folder that is not there.
 */
import { randomBytes } from 'node:crypto';
import { importConfig } from './config-calls.ts';
import { isSuccess, jsonOf } from './failures.ts';
import { startDelete } from './job-calls.ts';
import type { RemoteServer } from './remote-server.ts';

/** null: this server does not give it away. */
export async function modelsFolder(remote: RemoteServer, signal: AbortSignal): Promise<string | null> {
  const name = `lathe-asks-${randomBytes(8).toString('hex')}/where`;
  const answer = await importConfig(remote, { name, backend: 'llama-cpp', parameters: { model: 'none.gguf' } }, { signal, answerMs: 10_000 });
  if (isSuccess(answer)) await startDelete(remote, name, signal);
  return folderIn(answer.text, name);
}

export function folderIn(text: string, name: string): string | null {
  const body = jsonOf(text);
  const said = typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'string' ? body.error : '';
  const end = said.indexOf(`/${name}.yaml`);
  const start = said.lastIndexOf(' /', end);
  return end <= 0 || start < 0 ? null : said.slice(start + 1, end);
}

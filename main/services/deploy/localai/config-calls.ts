/** Calls that read and change the configuration of one model. */
import { parse } from 'yaml';
import { Changed, EditText, EffectiveConfig, Estimate, WrittenConfig } from './answers.ts';
import { failureOf, isSuccess, read } from './failures.ts';
import type { RemoteAnswer, RemoteServer } from './remote-server.ts';
import { AppError, isAppError } from '../../../../shared/errors/app-error.ts';
import { textInEditPage } from './edit-page.ts';

type Stop = AbortSignal;
const at = encodeURIComponent;

/** As it stands in the file there; null: the server has no such model, or none with a file. */
export async function writtenConfig(remote: RemoteServer, name: string, signal: Stop): Promise<WrittenConfig | null> {
  const call = { method: 'GET', path: `/api/models/edit/${at(name)}`, signal, again: true } as const;
  const answer = await remote.send(call);
  if (isSuccess(answer)) return parsed(remote.name, call.path, read(remote.name, call, { answer, schema: EditText }).config);
  if (answer.status !== 404) throw failureOf(remote.name, call, answer);
  // Without its web pages a server has neither this route nor the one for patches; the old page has the text inside.
  const page = await remote.send({ method: 'GET', path: `/models/edit/${at(name)}`, signal, again: true });
  const text = isSuccess(page) ? textInEditPage(page.text) : null;
  return text === null ? null : parsed(remote.name, '/models/edit', text);
}

function parsed(server: string, call: string, text: string): WrittenConfig {
  const found = WrittenConfig.safeParse(parsedYaml(text));
  if (found.success) return found.data;
  const issue = found.error.issues[0];
  throw new AppError('REMOTE_ANSWER_INVALID', {
    server,
    call: `GET ${call}`,
    problem: `the configuration there, ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
  });
}

function parsedYaml(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch {
    return null;
  }
}

/** With the server's defaults; null where this server does not tell. */
export async function effectiveConfig(remote: RemoteServer, name: string, signal: Stop) {
  const call = { method: 'GET', path: `/api/models/config-json/${at(name)}`, signal, again: true } as const;
  const answer = await remote.send(call);
  return answer.status === 404 ? null : read(remote.name, call, { answer, schema: EffectiveConfig });
}

/** Size of the model's file there; null where this server does not tell. */
export async function modelBytes(remote: RemoteServer, name: string, signal: Stop): Promise<number | null> {
  const answer = await remote.send({ method: 'POST', path: '/api/models/vram-estimate', json: { model: name }, signal, again: true });
  if (!isSuccess(answer)) return null;
  const bytes = Estimate.safeParse(JSON.parse(answer.text)).data?.size_bytes ?? 0;
  return bytes === 0 ? null : bytes;
}

/** Deep-merged into the file. What it says is live before it answers: without an answer, look. */
export async function patchConfig(
  remote: RemoteServer,
  name: string,
  { patch, signal, answerMs }: { patch: object; signal: Stop; answerMs: number },
): Promise<void> {
  const path = `/api/models/config-json/${at(name)}`;
  const call = { method: 'PATCH', path, json: patch, signal, answerMs } as const;
  const answer = await remote.send(call);
  if (!isSuccess(answer)) throw failureOf(remote.name, call, answer);
}

/** Takes the place of the whole file, for servers that take no patches. */
export async function replaceConfig(
  remote: RemoteServer,
  name: string,
  { yaml, signal, answerMs }: { yaml: string; signal: Stop; answerMs: number },
): Promise<void> {
  const call = { method: 'POST', path: `/models/edit/${at(name)}`, yaml, signal, answerMs } as const;
  const answer = await remote.send(call);
  if (!isSuccess(answer)) throw failureOf(remote.name, call, answer);
}

/** Exempts a model from being thrown out of memory. */
export async function pin(remote: RemoteServer, name: string, { pinned, signal }: { pinned: boolean; signal: Stop }): Promise<void> {
  const call = { method: 'PUT', path: `/models/toggle-pinned/${at(name)}/${pinned ? 'pin' : 'unpin'}`, signal, again: true } as const;
  read(remote.name, call, { answer: await remote.send(call), schema: Changed });
}

/** Before it is unloaded or deleted, which a pin does not prevent: where it cannot be written, as on a full disk, it stays. */
export async function unpin(remote: RemoteServer, name: string, signal: Stop): Promise<void> {
  await pin(remote, name, { pinned: false, signal }).catch((error: unknown) => {
    if (!isAppError(error, 'REMOTE_FAILED')) throw error;
  });
}

export function importConfig(remote: RemoteServer, config: object, limits: { signal: Stop; answerMs: number; correlation?: string }): Promise<RemoteAnswer> {
  return remote.send({ method: 'POST', path: '/models/import', json: config, ...limits });
}

/** Reads in what lies on the server's disk. */
export async function reload(remote: RemoteServer, signal: Stop): Promise<void> {
  const call = { method: 'POST', path: '/models/reload', signal, again: true } as const;
  const answer = await remote.send(call);
  if (!isSuccess(answer)) throw failureOf(remote.name, call, answer);
}

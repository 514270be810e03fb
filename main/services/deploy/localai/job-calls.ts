/** Calls that the server works on by and by: installing and deleting. */
import { setTimeout as pause } from 'node:timers/promises';
import { Accepted, Job } from './answers.ts';
import { isSuccess, read, reasonOf } from './failures.ts';
import type { RemoteServer } from './remote-server.ts';

type Stop = AbortSignal;
const at = encodeURIComponent;

export interface InlineInstall {
  /** Of a file below the models folder there; `file://` is not asked for at the network. */
  readonly url: string;
  readonly name: string;
  readonly overrides: object;
  readonly files: readonly { readonly filename: string; readonly sha256: string; readonly uri: string }[];
}

export async function startInstall(
  remote: RemoteServer,
  install: InlineInstall,
  { signal, correlation }: { signal: Stop; correlation: string },
): Promise<string> {
  const call = { method: 'POST', path: '/models/apply', json: install, signal, correlation } as const;
  return read(remote.name, call, { answer: await remote.send(call), schema: Accepted }).uuid;
}

/** The server forgets the model at once and its files when the job is done. */
export async function startDelete(remote: RemoteServer, name: string, signal: Stop): Promise<string> {
  const call = { method: 'POST', path: `/models/delete/${at(name)}`, signal } as const;
  return read(remote.name, call, { answer: await remote.send(call), schema: Accepted }).uuid;
}

/** null: it forgot the job, having been started anew. */
export async function job(remote: RemoteServer, uuid: string, signal: Stop): Promise<Job | null> {
  const call = { method: 'GET', path: `/models/jobs/${at(uuid)}`, signal, again: true } as const;
  const answer = await remote.send(call);
  if (answer.status === 500 && /could not find any status/i.test(reasonOf(answer) ?? '')) return null;
  return read(remote.name, call, { answer, schema: Job });
}

/** Where the server lets itself be asked; its download is given up and the partial file removed. */
export async function cancelJob(remote: RemoteServer, uuid: string, signal: Stop): Promise<boolean> {
  return isSuccess(await remote.send({ method: 'POST', path: `/api/operations/${at(uuid)}/cancel`, signal, answerMs: 5_000 }));
}

/** Until the job is at its end; `look` hears of each state before. null: the server forgot it. */
export async function untilDone(remote: RemoteServer, uuid: string, { signal, look }: { signal: Stop; look: (job: Job) => void }): Promise<Job | null> {
  for (let wait = 150; ; wait = Math.min(1_000, wait * 1.5)) {
    const found = await job(remote, uuid, signal);
    if (found === null || found.processed) return found;
    look(found);
    await pause(wait, undefined, { signal }).catch(() => undefined);
    signal.throwIfAborted();
  }
}

/** What went wrong in a job that is at its end; null: nothing. */
export const jobProblem = ({ error, cancelled }: Job): string | null =>
  cancelled === true ? 'somebody cancelled it there' : error === '' ? null : (error ?? null);

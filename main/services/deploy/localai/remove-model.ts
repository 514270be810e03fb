/** Takes a model off a server. The base's file stays, and what an alias leads to is not touched. */
import { AppError } from '../../../../shared/errors/app-error.ts';
import { unloadModel } from './backend-calls.ts';
import { isAnchored } from './base-model.ts';
import { reload, unpin, writtenConfig } from './config-calls.ts';
import { inWords } from './failures.ts';
import { jobProblem, startDelete, untilDone } from './job-calls.ts';
import type { RemoteServer } from './remote-server.ts';
import { aliases, modelNames } from './server-calls.ts';

type Stop = AbortSignal;

/** Throws MODEL_NOT_REMOVED. */
export async function removeModel(remote: RemoteServer, model: string, signal: Stop): Promise<void> {
  if (!(await modelNames(remote, signal)).includes(model)) return;
  const stays = (problem: string): AppError => new AppError('MODEL_NOT_REMOVED', { server: remote.name, model, problem });
  const alias = [...((await aliases(remote, signal)) ?? [])].find(([, target]) => target === model)?.[0];
  if (alias !== undefined) throw stays(`the alias ${alias} leads to it`);
  const config = await writtenConfig(remote, model, signal);
  const file = config?.parameters?.model;
  if (file !== undefined && !(await isAnchored(remote, { model, file, signal })))
    throw stays(`no other model there uses ${file}, which would be deleted with it; give the base a configuration of its own`);
  if (config?.pinned === true) await unpin(remote, model, signal);
  await unloadModel(remote, model, signal);
  await deleteModel(remote, model, signal);
}

/** Without looking what else would go. Throws MODEL_NOT_REMOVED. */
export async function deleteModel(remote: RemoteServer, model: string, signal: Stop): Promise<void> {
  const uuid = await startDelete(remote, model, signal);
  const done = await untilDone(remote, uuid, { signal, look: () => undefined });
  const problem = done === null ? null : jobProblem(done);
  if (problem !== null) await reload(remote, signal).catch(() => undefined);
  signal.throwIfAborted();
  if (!(await modelNames(remote, signal)).includes(model)) return;
  throw new AppError('MODEL_NOT_REMOVED', {
    server: remote.name,
    model,
    problem: problem === null ? 'it said that it has deleted it, and lists it still' : inWords(problem),
  });
}

/** Moves a public name from one model to another, and never over what somebody else did. */
import { setTimeout as pause } from 'node:timers/promises';
import { stringify } from 'yaml';
import { AppError, isAppError } from '../../../../shared/errors/app-error.ts';
import { importConfig, patchConfig, replaceConfig } from './config-calls.ts';
import { failureOf, isSuccess } from './failures.ts';
import type { RemoteServer } from './remote-server.ts';
import { deleteModel } from './remove-model.ts';
import { aliases, hasRoute, modelNames } from './server-calls.ts';

type Stop = AbortSignal;
/** A flip takes milliseconds. Where a download hangs the server does not answer it: then it is looked at, and tried again. */
const answerMs = 5_000;
const tries = 6;

export interface AliasMove {
  readonly alias: string;
  /** null: nothing shall answer to it. */
  readonly to: string | null;
  /** What it led to when it was last looked at. */
  readonly expected: string | null;
}

/** Where the server says what an alias leads to; REMOTE_FAILED where it has no aliases. */
export async function readAliases(remote: RemoteServer, signal: Stop): Promise<Map<string, string>> {
  const found = await aliases(remote, signal);
  if (found !== null) return found;
  throw new AppError('REMOTE_FAILED', {
    server: remote.name,
    call: 'GET /api/aliases',
    problem: 'it has no aliases: too old, or its administration is switched off',
  });
}

/** Read back before it returns. Throws ALIAS_MOVED. */
export async function moveAlias(remote: RemoteServer, move: AliasMove, signal: Stop): Promise<void> {
  let last: Error | undefined;
  for (let tried = 0; tried < tries; tried++) {
    const found = (await readAliases(remote, signal)).get(move.alias) ?? null;
    if (found === move.to) return;
    if (found !== move.expected) throw movedBy(remote, move, found);
    if (tried > 0) await pause(500 * tried, undefined, { signal }).catch(() => undefined);
    signal.throwIfAborted();
    last = await flip(remote, { ...move, found }, signal).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
    );
    // Without an answer it may have happened all the same.
    if (last !== undefined && !isAppError(last, 'REMOTE_UNREACHABLE')) throw last;
  }
  if ((await readAliases(remote, signal)).get(move.alias) === (move.to ?? undefined)) return;
  if (last !== undefined) throw last;
  throw new AppError('REMOTE_FAILED', { server: remote.name, call: 'PATCH /api/models/config-json', problem: `${move.alias} did not move` });
}

function movedBy(remote: RemoteServer, { alias, expected }: AliasMove, found: string | null): AppError {
  return new AppError('ALIAS_MOVED', { server: remote.name, alias, found: found ?? 'nothing', expected: expected ?? 'nothing' });
}

async function flip(remote: RemoteServer, { alias, to, found }: AliasMove & { readonly found: string | null }, signal: Stop): Promise<void> {
  if (to === null) {
    await deleteModel(remote, alias, signal);
  } else if (found === null) {
    await create(remote, { alias, to }, signal);
  } else if (await hasRoute(remote, '/api/models/config-metadata', signal)) {
    await patchConfig(remote, alias, { patch: { alias: to }, signal, answerMs });
  } else {
    await replaceConfig(remote, alias, { yaml: stringify({ name: alias, alias: to }), signal, answerMs });
  }
}

/** An import would put itself in the place of a model of that name without a word. */
async function create(remote: RemoteServer, { alias, to }: { readonly alias: string; readonly to: string }, signal: Stop): Promise<void> {
  if ((await modelNames(remote, signal)).includes(alias))
    throw new AppError('MODEL_NAME_TAKEN', { server: remote.name, model: alias, problem: 'a model cannot become an alias' });
  const answer = await importConfig(remote, { name: alias, alias: to }, { signal, answerMs });
  if (isSuccess(answer)) return;
  // It answers so too where the download of some other model fails, after it has made the alias.
  if ((await readAliases(remote, signal)).get(alias) !== to) throw failureOf(remote.name, { method: 'POST', path: '/models/import' }, answer);
}

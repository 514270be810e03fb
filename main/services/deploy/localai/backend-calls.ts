/** Bringing a model into the server's memory and taking it out. Neither call resolves an alias. */
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { failureOf, isSuccess, reasonOf } from './failures.ts';
import type { RemoteAnswer, RemoteServer } from './remote-server.ts';
import { loadedModels } from './server-calls.ts';

type Stop = AbortSignal;

const loadMs = 15 * 60_000;
/** The server itself waits up to 30 s for what is being answered. */
const unloadMs = 60_000;
const unloadTries = 4;

const tryLoad = (remote: RemoteServer, model: string, signal: Stop): Promise<RemoteAnswer> =>
  remote.send({ method: 'POST', path: '/backend/load', json: { model }, signal, answerMs: loadMs });

/** After a failed load the server refuses further ones for a while, and names the reason no more. */
const isCooldown = (reason: string): boolean => /cooldown/i.test(reason);

function cooldownMs({ retryAfter }: RemoteAnswer, reason: string): number {
  const seconds = Number(retryAfter ?? /retry after (\d+)\s*s/i.exec(reason)?.[1] ?? 10);
  return (Number.isFinite(seconds) ? Math.min(seconds, 60) : 10) * 1_000 + 250;
}

/** Waits out a refusal that an earlier failure left behind. Throws MODEL_NOT_LOADED with the first reason that was heard. */
export async function loadModel(remote: RemoteServer, model: string, signal: Stop): Promise<void> {
  const call = { method: 'POST', path: '/backend/load' } as const;
  if ((await loadedModels(remote, signal)).loaded.includes(model)) return;
  for (let waits = 0; ; waits++) {
    const answer = await tryLoad(remote, model, signal);
    if (isSuccess(answer)) break;
    if (answer.status < 500) throw failureOf(remote.name, call, answer);
    const reason = reasonOf(answer) ?? 'it gives no reason';
    if (!isCooldown(reason) || waits >= 3) throw new AppError('MODEL_NOT_LOADED', { server: remote.name, model, problem: loadReason(reason) });
    await pause(cooldownMs(answer, reason), undefined, { signal }).catch(() => undefined);
    signal.throwIfAborted();
  }
  const { loaded } = await loadedModels(remote, signal);
  if (loaded.includes(model)) return;
  throw new AppError('MODEL_NOT_LOADED', { server: remote.name, model, problem: 'it said that it has loaded it, and does not list it' });
}

/** What llama.cpp says stands last, behind the names of those who pass it on. */
function loadReason(reason: string): string {
  const last = reason.split(/\bError: /).at(-1) ?? reason;
  return last.trim() === '' ? reason : last.trim();
}

/** Throws REMOTE_FAILED where it stays busy. */
export async function unloadModel(remote: RemoteServer, model: string, signal: Stop): Promise<void> {
  const call = { method: 'POST', path: '/backend/shutdown', json: { model }, signal, answerMs: unloadMs, again: true } as const;
  for (let tries = 1; ; tries++) {
    const answer = await remote.send(call);
    if (isSuccess(answer)) return;
    // 404 says "not loaded", and also that there is no such route.
    if (!(await loadedModels(remote, signal)).loaded.includes(model)) return;
    if (answer.status < 500 || tries === unloadTries) throw failureOf(remote.name, call, answer);
    await pause(1_000, undefined, { signal }).catch(() => undefined);
    signal.throwIfAborted();
  }
}

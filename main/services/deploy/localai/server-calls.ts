/** Calls that ask a server what it is and has. All may be sent again. */
import type { z } from 'zod';
import { Aliases, AuthStatus, Features, Models, Resources, System, Version } from './answers.ts';
import { failureOf, isSuccess, read } from './failures.ts';
import type { RemoteServer } from './remote-server.ts';

type Stop = AbortSignal;

const get = async <S extends z.ZodType>(remote: RemoteServer, path: string, { schema, signal, open = false }: { schema: S; signal: Stop; open?: boolean }) => {
  const call = { method: 'GET', path, signal, again: true, open } as const;
  return read(remote.name, call, { answer: await remote.send(call), schema });
};

/** The same, but null where the server has no such route. */
const getIfThere = async <S extends z.ZodType>(remote: RemoteServer, path: string, { schema, signal }: { schema: S; signal: Stop }) => {
  const call = { method: 'GET', path, signal, again: true } as const;
  const answer = await remote.send(call);
  return answer.status === 404 ? null : read(remote.name, call, { answer, schema });
};

/** What asks for a key says so here without one. null: an older version, which does not. */
export async function authStatus(remote: RemoteServer, signal: Stop): Promise<z.infer<typeof AuthStatus> | null> {
  const call = { method: 'GET', path: '/api/auth/status', signal, again: true, open: true } as const;
  const answer = await remote.send(call);
  return isSuccess(answer) ? read(remote.name, call, { answer, schema: AuthStatus }) : null;
}

export async function isReady(remote: RemoteServer, signal: Stop): Promise<boolean> {
  const call = { method: 'GET', path: '/readyz', signal, again: true, open: true } as const;
  const answer = await remote.send(call);
  if (!isSuccess(answer) && answer.status !== 503) throw failureOf(remote.name, call, answer);
  return isSuccess(answer);
}

export const version = async (remote: RemoteServer, signal: Stop): Promise<string> => (await get(remote, '/version', { schema: Version, signal })).version;

export const isDistributed = async (remote: RemoteServer, signal: Stop): Promise<boolean | null> =>
  (await getIfThere(remote, '/api/features', { schema: Features, signal }))?.distributed ?? null;

export const resources = (remote: RemoteServer, signal: Stop): Promise<z.infer<typeof Resources> | null> =>
  getIfThere(remote, '/api/resources', { schema: Resources, signal });

/** Every name that the server lists; the only reliable sign that something is not there. */
export const modelNames = async (remote: RemoteServer, signal: Stop): Promise<string[]> =>
  ((await get(remote, '/v1/models', { schema: Models, signal })).data ?? []).map(({ id }) => id);

export async function loadedModels(remote: RemoteServer, signal: Stop): Promise<{ loaded: string[]; backends: string[] }> {
  const { loaded_models: loaded, backends } = await get(remote, '/system', { schema: System, signal });
  return { loaded: (loaded ?? []).map(({ id }) => id), backends: backends ?? [] };
}

/** null: this server has none, being too old or without its administration. */
export async function aliases(remote: RemoteServer, signal: Stop): Promise<Map<string, string> | null> {
  const found = await getIfThere(remote, '/api/aliases', { schema: Aliases.transform((all) => all ?? []), signal });
  return found === null ? null : new Map(found.map(({ name, target }) => [name, target]));
}

/** Whether a route is there for this key: jobs tell of model administration, the metadata of configurations of patches. Throws REMOTE_DENIED. */
export async function hasRoute(remote: RemoteServer, path: '/models/jobs' | '/api/models/config-metadata', signal: Stop): Promise<boolean> {
  const call = { method: 'GET', path, signal, again: true } as const;
  const answer = await remote.send(call);
  if (answer.status === 404) return false;
  if (!isSuccess(answer)) throw failureOf(remote.name, call, answer);
  return true;
}

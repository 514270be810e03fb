/** Speaks with a `lathe proxy`: sets and reads its splits. */
import { SplitReports } from '../../../shared/domain/traffic-split.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { read } from './localai/failures.ts';
import type { RemoteCall, RemoteServer } from './localai/remote-server.ts';
import type { TrafficSplitter } from './traffic-splitter.ts';

const pathOf = (alias: string): string => `/lathe/splits/${encodeURIComponent(alias)}`;

export function proxySplitter(remote: RemoteServer): TrafficSplitter {
  const ask = async (call: RemoteCall): Promise<SplitReports> => {
    const answer = await remote.send(call);
    if (answer.status === 401) throw new AppError('REMOTE_DENIED', { server: remote.name, problem: 'its own key is asked for, not that of the servers' });
    return read(remote.name, call, { answer, schema: SplitReports });
  };
  return {
    find: async (alias, { signal }) => {
      const { splits } = await ask({ method: 'GET', path: '/lathe/splits', signal, again: true });
      return splits.find(({ split }) => split.alias === alias) ?? null;
    },
    set: async ({ alias, ...split }, { signal }) => {
      await ask({ method: 'PUT', path: pathOf(alias), json: split, signal, again: true });
    },
    clear: async (alias, { signal }) => {
      await ask({ method: 'DELETE', path: pathOf(alias), signal, again: true });
    },
  };
}

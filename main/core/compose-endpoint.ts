/** The endpoint of this machine: what it serves, the driver that deploys to it, and the server that is heard while a lasting host is there. */
import { join } from 'node:path';
import type { EmbeddedTarget } from '../../shared/domain/target.ts';
import type { Logger } from '../platform/logger.ts';
import type { Paths } from '../platform/paths.ts';
import { EndpointServer } from '../rest/endpoint/endpoint-server.ts';
import { Answerer, type AnswererParts } from '../services/chat/answerer.ts';
import { embeddedDriver } from '../services/deploy/embedded/embedded-driver.ts';
import { EmbeddedEndpoint } from '../services/deploy/embedded/embedded-endpoint.ts';
import { EndpointBook } from '../services/deploy/embedded/endpoint-book.ts';
import type { TargetDriver } from '../services/deploy/target-driver.ts';
import type { Shelves } from '../services/shelves.ts';
import packageJson from '../../package.json' with { type: 'json' };

export interface EndpointNeeds extends AnswererParts {
  readonly paths: Paths;
  readonly shelves: Shelves;
  readonly log: Logger;
  readonly now: () => Date;
  /** This host lasts, so that clients find somebody. */
  readonly lasts: boolean;
}

export interface Endpoint {
  /** It is heard at the target's port from now on, if this host lasts. */
  driver(target: EmbeddedTarget): TargetDriver;
  close(): Promise<void>;
}

type Heard = { readonly url: string } | { readonly problem: string };

export function composeEndpoint(needs: EndpointNeeds): Endpoint {
  const { paths, shelves, now, lasts } = needs;
  const log = needs.log.child('endpoint');
  const book = new EndpointBook(join(paths.home, 'endpoint'));
  const endpoint = new EmbeddedEndpoint({ book, answerer: new Answerer(needs), baseModel: (name) => shelves.model(name) });
  let server: EndpointServer | null = null;
  let port: number | null = null;
  let heard: Promise<Heard> = Promise.resolve({ problem: 'Nobody hears it: start the window, or `lathe serve`.' });
  const listen = async (wanted: number, before: EndpointServer | null, next: EndpointServer): Promise<Heard> => {
    try {
      await before?.close();
      const url = await next.listen(wanted);
      log.info('listening', { url });
      return { url };
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      log.warn('cannot listen', { port: wanted, problem });
      port = null;
      return { problem: `${problem}. Choose another port for the target.` };
    }
  };
  const hear = (wanted: number): void => {
    if (!lasts || port === wanted) return;
    const before = server;
    port = wanted;
    server = new EndpointServer({ endpoint, log, now });
    heard = listen(wanted, before, server);
  };
  return {
    driver: (target) => {
      hear(target.port);
      return embeddedDriver({ target, book, endpoint, listening: () => heard, version: packageJson.version, now });
    },
    close: async () => {
      endpoint.close();
      await server?.close();
    },
  };
}

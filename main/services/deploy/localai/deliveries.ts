/** How an adapter's file comes to a server: offered for it to fetch, or laid into a folder that it sees. */
import { join, posix } from 'node:path';
import type { Delivery } from '../../../../shared/domain/target.ts';
import { copyToShare } from '../artifact-host/copy-to-share.ts';
import type { ArtifactHost } from '../artifact-host/artifact-host.ts';
import type { Artifact } from '../target-driver.ts';

export interface Delivered {
  /** Where the server fetches it; null: it has it. */
  readonly uri: string | null;
  readonly share: () => number;
  /** How often somebody asked for it. */
  readonly requests: () => number;
  /** What is known about how it was fetched; empty: nothing worth saying. */
  readonly story: () => string;
  close(): Promise<void>;
}

export interface Deliveries {
  /** Below the models folder there; null: beside the base. */
  readonly folder: string | null;
  open(wanted: { readonly artifact: Artifact; readonly fileName: string; readonly signal: AbortSignal }): Promise<Delivered>;
}

export interface DeliveryParts {
  readonly delivery: Delivery;
  readonly host: ArtifactHost;
  readonly server: { readonly name: string; readonly url: string };
}

export function deliveriesFor({ delivery, host, server }: DeliveryParts): Deliveries {
  if (delivery.how === 'share') {
    const folder = posix.normalize(delivery.models_path === '' ? '.' : delivery.models_path);
    return { folder, open: ({ artifact, fileName }) => byShare(artifact, { to: join(delivery.folder, fileName), server: server.name }) };
  }
  const open: Deliveries['open'] = async ({ artifact, fileName, signal }) => {
    const offered = await host.offer({ path: artifact.path, bytes: artifact.bytes, fileName, server, delivery });
    try {
      await offered.prove(signal);
    } catch (error) {
      await offered.close();
      throw error;
    }
    return { uri: offered.url, share: offered.share, requests: offered.requests, story: offered.story, close: () => offered.close() };
  };
  return { folder: null, open };
}

async function byShare(artifact: Artifact, { to, server }: { readonly to: string; readonly server: string }): Promise<Delivered> {
  await copyToShare({ from: artifact.path, to, sha256: artifact.sha256.toLowerCase(), server });
  return { uri: null, share: () => 1, requests: () => 0, story: () => '', close: () => Promise.resolve() };
}

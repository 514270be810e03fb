/** A host that lives as long as the tests of one file. */
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { HttpHost } from './http-host.ts';

/** What is on its shelf as `support`. */
export const supportRows = join(import.meta.dirname, '..', '..', 'resources', 'datasets', 'support-routing', 'train.jsonl');

/** Its LATHE_HOME is `home` in the folder. */
export async function hostOfTests(folder: string): Promise<HttpHost> {
  const host = await HttpHost.start(join(folder, 'home'));
  afterAll(() => host.kill());
  host.addDataset('support', supportRows);
  return host;
}

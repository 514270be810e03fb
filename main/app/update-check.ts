/** Asks a configured address whether there is a newer version, and only tells. Off unless `update_url` is set. */
import { gt, valid } from 'semver';
import { z } from 'zod';

const Newest = z.object({ version: z.string().max(100) });
const most = 10_000;

/** The newer version, or null: none, an address that does not answer, an answer that is none. Nothing about this machine is sent. */
export async function newerVersion(url: string, current: string, ask: typeof fetch = fetch): Promise<string | null> {
  if (!/^https?:/.test(url)) return null;
  try {
    const response = await ask(url, { redirect: 'error', signal: AbortSignal.timeout(10_000), headers: { accept: 'application/json' } });
    const text = await response.text();
    if (!response.ok || text.length > most) return null;
    const { version } = Newest.parse(JSON.parse(text));
    return valid(version) !== null && gt(version, current) ? version : null;
  } catch {
    return null;
  }
}

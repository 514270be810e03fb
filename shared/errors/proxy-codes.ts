/** Failures of the proxy that splits traffic. */
import type { ErrorRow } from './error-row.ts';

export const proxyCodes = {
  SPLITS_INVALID: { exit: 'data', http: 500, retry: 'change', message: '{path} does not hold splits as this version writes them', remedy: 'Move it away; the proxy then begins without splits.' },
  PROXY_KEY_WRONG: { exit: 'usage', http: 401, retry: 'change', message: 'The key of this proxy is missing or wrong', remedy: 'Send `Authorization: Bearer KEY` with the key that `lathe proxy` names at its start.' },
  UPSTREAM_FAILED: { exit: 'remote', http: 502, retry: 'now', message: 'The server at {upstream} did not answer: {problem}', remedy: 'See whether it runs; the split stays as it is.' },
} as const satisfies Record<string, ErrorRow>;

/** Failures of what serves models: the proxy that splits traffic, and the endpoint of this machine. */
import type { ErrorRow } from './error-row.ts';

export const servingCodes = {
  SPLITS_INVALID: { exit: 'data', http: 500, retry: 'change', message: '{path} does not hold splits as this version writes them', remedy: 'Move it away; the proxy then begins without splits.' },
  PROXY_KEY_WRONG: { exit: 'usage', http: 401, retry: 'change', message: 'The key of this proxy is missing or wrong', remedy: 'Send `Authorization: Bearer KEY` with the key that `lathe proxy` names at its start.' },
  UPSTREAM_FAILED: { exit: 'remote', http: 502, retry: 'now', message: 'The server at {upstream} did not answer: {problem}', remedy: 'See whether it runs; the split stays as it is.' },
  MODEL_NOT_SERVED: { exit: 'usage', http: 404, retry: 'change', message: 'This endpoint serves no {model}', remedy: 'It serves {known}; `lathe deploy` adds others.' },
  ENDPOINT_FILE_INVALID: { exit: 'data', http: 500, retry: 'change', message: '{path} is not as this version writes it', remedy: 'Move it away and deploy again; adapters beside it are kept.' },
} as const satisfies Record<string, ErrorRow>;

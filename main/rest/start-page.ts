/** The page at `/`: what this is and how it stands. Static: no script, no file from elsewhere, and its policy says so. */
import { createHash } from 'node:crypto';
import type { HostStatus } from '../../shared/contracts/host-calls.ts';

const style =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem;color-scheme:light dark}code{font-family:ui-monospace,monospace}';

export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
} as const;

/** `status` is for those who are logged in. */
export function startPage(status: HostStatus | null): string {
  const state =
    status === null
      ? '<p>To see more, open the link that <code>lathe serve</code> printed. It is good once, for five minutes.</p>'
      : `<p>Version ${escaped(status.version)}, since ${escaped(status.started)}. Runs: ${status.runs.active} active, ${status.runs.queued} queued.</p>
<p><a href="/v1/openapi.json">Description of the API</a> · <a href="/metrics">Figures</a></p>`;
  return page(
    'Lathe',
    `<p>This host fine-tunes small language models on this machine&#39;s CPU. It answers programs over HTTP; there is no window here yet.</p>\n${state}`,
  );
}

export const linkRefused = (): string =>
  page(
    'This link is not good',
    '<p>It was used already, is older than five minutes, or was never given out. <code>lathe serve</code> prints one when it starts.</p>',
  );

const page = (title: string, body: string): string =>
  `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>${title}</title><style>${style}</style></head>\n<body><h1>${title}</h1>\n${body}\n</body></html>\n`;

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? '');

/** Answers the page's own scheme from the built page, with a policy under which nothing else is ever loaded. */
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { pagePolicy } from '../platform/page-policy.ts';

export const pageScheme = 'lathe-app';
export const pageOrigin = `${pageScheme}://page`;

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.md': 'text/markdown; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};

export interface PageAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
}

const headersFor = (type: string): Readonly<Record<string, string>> => ({
  'content-type': type,
  'content-security-policy': pagePolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
});

const refused = (status: number): PageAnswer => ({ status, headers: headersFor('text/plain; charset=utf-8'), body: null });

/** The file that `url` names inside `folder`, or null: another host, a type the page has none of, or a way out of the folder. */
export function pageFile(folder: string, url: string): { readonly path: string; readonly type: string } | null {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || parsed.protocol !== `${pageScheme}:` || parsed.host !== 'page') return null;
  const name = decoded(parsed.pathname === '/' ? '/index.html' : parsed.pathname);
  const type = name === null ? undefined : types[extname(name)];
  if (name === null || type === undefined || /[\\\0:]/.test(name)) return null;
  const path = normalize(join(folder, name));
  return path.startsWith(folder + sep) ? { path, type } : null;
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

/** Only GET, only files of the page. */
export async function answerPage(folder: string, { method, url }: { readonly method: string; readonly url: string }): Promise<PageAnswer> {
  if (method !== 'GET') return refused(405);
  const file = pageFile(folder, url);
  if (file === null) return refused(404);
  try {
    return { status: 200, headers: headersFor(file.type), body: await readFile(file.path) };
  } catch {
    return refused(404);
  }
}

/** Whether an address is one of the page's own. */
export const isPageUrl = (url: string): boolean => URL.canParse(url) && new URL(url).protocol === `${pageScheme}:` && new URL(url).host === 'page';

/** Answers the page's own scheme from the built page, with a policy under which nothing else is ever loaded. */
import type { PageFile } from '../platform/page-files.ts';
import { pagePolicy } from '../platform/page-policy.ts';

export const pageScheme = 'lathe-app';
export const pageOrigin = `${pageScheme}://page`;

/** By path from the page's root; `/` is the page itself. */
export type PageFiles = ReadonlyMap<string, PageFile>;

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

/** What `url` names by its path, or undefined: another host, or nothing of the page. */
function fileAt(files: PageFiles, url: string): PageFile | undefined {
  if (!isPageUrl(url)) return undefined;
  const path = decoded(new URL(url).pathname);
  return path === null ? undefined : files.get(path === '/index.html' ? '/' : path);
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

/** Only GET, only files of the page. */
export function answerPage(files: PageFiles, { method, url }: { readonly method: string; readonly url: string }): PageAnswer {
  if (method !== 'GET') return refused(405);
  const file = fileAt(files, url);
  return file === undefined ? refused(404) : { status: 200, headers: headersFor(file.type), body: file.body };
}

/** Whether an address is one of the page's own. */
export const isPageUrl = (url: string): boolean => URL.canParse(url) && new URL(url).protocol === `${pageScheme}:` && new URL(url).host === 'page';

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { readPageFiles } from '../platform/page-files.ts';
import { pagePolicy } from '../platform/page-policy.ts';
import { answerPage, isPageUrl } from './page-answer.ts';

const folder = join(temporaryFolder(), 'page');
mkdirSync(join(folder, 'assets'), { recursive: true });
writeFileSync(join(folder, 'index.html'), '<p>page</p>');
writeFileSync(join(folder, 'assets', 'a b.js'), '1');
writeFileSync(`${folder}-secret.js`, 'no');
const files = readPageFiles(folder);
const get = (url: string) => answerPage(files, { method: 'GET', url });

describe('the files of the page', () => {
  it('are answered with their type and the policy', () => {
    const { status, headers, body } = get('lathe-app://page/');
    expect([status, Buffer.from(body ?? []).toString()]).toEqual([200, '<p>page</p>']);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': pagePolicy,
      'x-content-type-options': 'nosniff',
    });
    expect(get('lathe-app://page/index.html#/runs')).toMatchObject({ status: 200 });
    expect(get('lathe-app://page/assets/a%20b.js?v=1')).toMatchObject({ status: 200, headers: { 'content-type': 'text/javascript; charset=utf-8' } });
  });

  it.each([
    'lathe-app://page/none.html',
    'lathe-app://page/assets',
    'lathe-app://page/../page-secret.js',
    'lathe-app://page/..%2fpage-secret.js',
    'lathe-app://page/%2e%2e/page-secret.js',
    'lathe-app://page/assets/..%5c..%5cpage-secret.js',
    'lathe-app://page/a%00.js',
    'lathe-app://page/%E0%A4.js',
    'lathe-app://page/index.html:stream.js',
    'lathe-app://page/..%2f..%2fx.js',
    'lathe-app://page/%2fetc/x.js',
    'lathe-app://page//etc/x.js',
    'lathe-app://other/index.html',
    'https://page/index.html',
    'index.html',
  ])('%s is none of them, and nothing is told of it but the policy', (url) => {
    expect(get(url)).toMatchObject({ status: 404, body: null, headers: { 'content-security-policy': pagePolicy } });
  });

  it.each(['POST', 'HEAD', 'PUT'])('are not for %s', (method) => {
    expect(answerPage(files, { method, url: 'lathe-app://page/' })).toMatchObject({ status: 405, body: null });
  });
});

it.each([
  ['lathe-app://page/index.html#/x', true],
  ['lathe-app://page.evil/index.html', false],
  ['lathe-app://evil/page', false],
  ['https://page/', false],
  ['', false],
  ['about:blank', false],
])('%j is an address of the page: %s', (url, is) => {
  expect(isPageUrl(url)).toBe(is);
});

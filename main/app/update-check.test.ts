import { expect, it, vi } from 'vitest';
import { newerVersion } from './update-check.ts';

const answering = (text: string, status = 200) => vi.fn<typeof fetch>(() => Promise.resolve(new Response(text, { status })));
const at = 'https://updates.example/lathe.json';

it.each([
  ['a newer one', '{"version":"0.2.0"}', '0.2.0'],
  ['the same', '{"version":"0.1.0"}', null],
  ['an older one', '{"version":"0.0.9"}', null],
  ['one before a release', '{"version":"0.1.0-beta.1"}', null],
  ['what is no version', '{"version":"newest"}', null],
  ['what is no answer', '<html>', null],
  ['another shape', '["0.2.0"]', null],
  ['far too much', `{"version":"0.2.0","notes":"${'x'.repeat(20_000)}"}`, null],
])('%s', async (_, text, expected) => {
  expect(await newerVersion(at, '0.1.0', answering(text))).toBe(expected);
});

it('an address that fails, and one that cannot be reached', async () => {
  expect(await newerVersion(at, '0.1.0', answering('{"version":"0.2.0"}', 500))).toBeNull();
  expect(await newerVersion(at, '0.1.0', () => Promise.reject(new TypeError('fetch failed')))).toBeNull();
});

it('is asked for by http alone, and without a word about this machine', async () => {
  const ask = answering('{"version":"0.2.0"}');
  for (const url of ['', 'file:///etc/passwd', 'javascript:1']) expect(await newerVersion(url, '0.1.0', ask)).toBeNull();
  expect(ask).not.toHaveBeenCalled();
  await newerVersion(at, '0.1.0', ask);
  expect(ask.mock.calls).toEqual([[at, { redirect: 'error', signal: expect.any(AbortSignal), headers: { accept: 'application/json' } }]]);
});

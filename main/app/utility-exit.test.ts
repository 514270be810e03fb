import { expect, it } from 'vitest';
import { readExit } from './utility-exit.ts';

it.each([
  [0, 'linux', { code: 0, signal: null }],
  [1, 'linux', { code: 1, signal: null }],
  [2, 'darwin', { code: 2, signal: null }],
  [9, 'linux', { code: null, signal: 'SIGKILL' }],
  [11, 'darwin', { code: null, signal: 'SIGSEGV' }],
  [7, 'linux', { code: null, signal: 'SIGBUS' }],
  [10, 'darwin', { code: null, signal: 'SIGBUS' }],
  [10, 'linux', { code: 10, signal: null }],
  [9, 'win32', { code: 9, signal: null }],
  [0xc0000005, 'win32', { code: 0xc0000005, signal: null }],
] as const)('an exit of %i on %s', (code, platform, exit) => {
  expect(readExit(code, platform)).toEqual(exit);
});

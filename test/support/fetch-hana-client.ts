/**
 * Puts SAP's driver `@sap/hana-client` into the cache, for the tests of HANA: run by hand, never by `npm test`. It is under SAP's developer licence
 * (developer-license-3_2.txt in the package), which whoever runs this accepts; Lathe brings no part of it.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { hanaClientFolder } from './hana-server.ts';

mkdirSync(hanaClientFolder, { recursive: true });
execFileSync('npm', ['install', '--prefix', hanaClientFolder, '--no-save', '@sap/hana-client@2.30.27'], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
});

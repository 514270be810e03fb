/** Runs a module in a Node of its own, for tests of what processes do at once. */
import { spawn } from 'node:child_process';

/** Its standard output. */
export function outputOfModule(program: string): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  return new Promise((done) => child.on('close', () => done(output)));
}

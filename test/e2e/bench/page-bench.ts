/**
 * `npm run bench:page [-- --minutes N | --start]`: what the page costs with a run of 100,000 steps, or how long the packed app takes to a window that can
 * be used. Figures, never assertions; JSON goes to build/bench/page.json or start.json.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { benchPage } from './bench-page.ts';
import { benchStart } from './bench-start.ts';

interface Options {
  readonly minutes: string;
  readonly start?: true;
}

const { minutes, start } = new Command('bench:page')
  .option('--minutes <n>', 'of how long a run the memory is watched; it takes a fifth of that', '60')
  .option('--start', 'the start of the packed app only')
  .parse()
  .opts<Options>();

const machine = { machine: cpus()[0]?.model ?? 'unknown', cores: cpus().length, date: new Date().toISOString() };
const result = { ...machine, ...(start === true ? await benchStart() : await benchPage(Number(minutes))) };
const folder = join(import.meta.dirname, '..', '..', '..', 'build', 'bench');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, start === true ? 'start.json' : 'page.json'), `${JSON.stringify(result, null, 2)}\n`);
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);

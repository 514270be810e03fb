/** `lathe benchmark items`: what a model was asked, what it answered, and what was right. */
import { Command } from 'commander';
import { z } from 'zod';
import { itemPage } from '../../../shared/contracts/benchmark-calls.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Door } from '../../core/door.ts';
import { askCore } from '../ask-core.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { itemLines } from '../output/benchmark-text.ts';
import { parseFlag } from '../options/parse-flag.ts';

interface ItemOptions {
  readonly wrong?: boolean;
  readonly right?: boolean;
  readonly text?: string;
  readonly limit: number;
  readonly after: number;
}

export const benchmarkItemsCommand = (host: HostSource): Command =>
  new Command('items')
    .description('the items of a score: prompt, choices with their log-probabilities, right or wrong')
    .argument('<score>', 'RUN.N as `lathe benchmark results` shows it; RUN where it has one score')
    .option('--wrong', 'only those that it got wrong')
    .option('--right', 'only those that it got right')
    .option('--text <words>', 'only those of which the words are part')
    .option('--limit <n>', 'so many', (text: string) => parseFlag('--limit', text, z.int().min(1).max(500)), 10)
    .option('--after <index>', 'behind the item of this number', (text: string) => parseFlag('--after', text, itemPage.after), -1)
    .action((score: string, options: ItemOptions) => items(host(), score, options));

async function items(host: Host, reference: string, options: ItemOptions): Promise<void> {
  const { wrong, right, text, limit, after } = options;
  if (wrong === true && right === true) throw new AppError('USAGE', { problem: '--wrong and --right leave nothing', hint: 'Give one of them.' });
  const only = wrong === true ? 'wrong' : right === true ? 'right' : 'all';
  const page = await askCore(host, async (door) => {
    const score = await scoreOf(door, reference);
    return { score, ...(await door.call('benchmarks.items', { score, only, text: text ?? null, limit, after })) };
  });
  const last = page.items.at(-1)?.index ?? after;
  const more = page.more ? [`More of ${page.total}: --after ${last}`] : [];
  const none = [page.total === 0 ? 'No items.' : `No items behind ${after}.`];
  host.reporter.done(page, page.items.length === 0 ? none : [...page.items.flatMap((item) => [...itemLines(item), '']), ...more]);
}

/** A run with one score stands for it. */
async function scoreOf(door: Door, reference: string): Promise<string> {
  if (/\.\d+$/.test(reference)) return reference;
  const { scores } = await door.call('benchmarks.get', { run: reference });
  const [only, ...others] = scores;
  if (only === undefined || others.length > 0)
    throw new AppError('USAGE', { problem: `${reference} has ${scores.length} scores`, hint: `Name one: ${reference}.1 to ${reference}.${scores.length}.` });
  return only.score;
}

/** The command that makes the scores which are missing. */
import type { BenchmarkResult } from '../../../shared/domain/benchmark-record.ts';

/** `like`: a score that it shall be comparable with. */
export function scoreCommand(
  models: readonly string[],
  benchmark: string,
  like: Pick<BenchmarkResult, 'num_fewshot' | 'chat_template' | 'limit' | 'precision'> | null,
): string {
  const flags =
    like === null
      ? []
      : [
          ...(like.num_fewshot === 0 ? [] : [`--num-fewshot ${like.num_fewshot}`]),
          ...(like.chat_template ? ['--chat-template'] : []),
          ...(like.limit === null ? [] : [`--limit ${like.limit}`]),
          ...(like.precision === 'server' ? [] : [`--precision ${like.precision}`]),
        ];
  return ['lathe benchmark run', `--models ${quoted(models.join(','))}`, `--benchmarks ${quoted(benchmark)}`, ...flags].join(' ');
}

const quoted = (text: string): string => (/^[\w@.,:/+\\-]+$/.test(text) ? text : `"${text}"`);

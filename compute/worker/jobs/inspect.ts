/** The inspect job: what a model, adapter or data file is. */
import { statSync } from 'node:fs';
import type { InspectResult, JobOf } from '../../../shared/contracts/compute-jobs.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { inspectDataset } from '../../data/inspect-dataset.ts';
import { withFileErrors } from '../../formats/file-errors.ts';
import { isGgufFile } from '../../formats/gguf/is-gguf.ts';
import { inspectModelOrAdapter } from '../../formats/inspect.ts';
import { openModel } from '../../formats/open-model.ts';
import { loadTokenizer } from '../../formats/tokenizer/load-tokenizer.ts';
import { templateOption } from './evaluate.ts';

type Job = JobOf<'inspect'>;

export async function inspect(job: Job): Promise<InspectResult> {
  if (isDataFile(job.path)) return inspectData(job);
  const { kind, path, ...facts } = await inspectModelOrAdapter(job.path, { withHash: true });
  const plain = Object.fromEntries(Object.entries(facts).map(([name, fact]) => [snakeCase(name), plainFact(fact)]));
  return { kind, path, facts: plain, problems: [], samples: [], lengths: null, columns: [], mapping: {}, problem: null };
}

function isDataFile(path: string): boolean {
  const stat = withFileErrors({ path, what: 'File', action: 'read' }, () => statSync(path));
  return stat.isFile() && !isGgufFile(path, 'File');
}

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Lists stay lists, tables become one. */
function plainFact(fact: unknown): InspectResult['facts'][string] {
  if (Array.isArray(fact)) return fact.map(String);
  if (fact !== null && typeof fact === 'object') return Object.entries(fact).map(([name, value]) => `${name}: ${String(value)}`);
  return typeof fact === 'number' || typeof fact === 'boolean' || typeof fact === 'string' ? fact : null;
}

/** Lengths and masks need a tokenizer, so a data file is inspected with a model. */
async function inspectData({ path, show, model, rows, tolerant = false }: Job): Promise<InspectResult> {
  const source = model === null ? null : openModel(model);
  if (source === null) throw new AppError('USAGE', { problem: `${path} is a data file, and its tokens depend on the model`, hint: 'Name one with --model.' });
  const tokenizer = loadTokenizer(source.tokenizer, source.path);
  const { columns, maxSeqLength, trainOn, chatTemplate } = rows;
  const options = { path, tokenizer, modelTemplate: source.chatTemplate, columns, maxSeqLength, trainOn, ...templateOption(chatTemplate) };
  const { format, layout, columns: mapping, found, lengths, problem, report, samples } = await inspectDataset({ ...options, samples: show, tolerant });
  const { rows: all, used, empty, duplicates, truncated, ungraded, tokens, gradedTokens, template, lengthHistogram } = report;
  const facts = {
    format,
    layout,
    columns: Object.entries(mapping).map(([ours, theirs]) => `${ours}=${theirs}`),
    rows: all,
    used,
    empty,
    duplicates,
    truncated,
    ungraded,
    tokens,
  };
  const spread = lengthHistogram.map(({ from, to, rows: count }) => `${from}-${to} tokens: ${count} rows`);
  return {
    kind: 'dataset',
    path,
    facts: { ...facts, graded_tokens: gradedTokens, chat_template: template, lengths: spread },
    problems: [...report.problems, ...(problem === null ? [] : [{ line: lineOf(problem), problem: problem.message }])],
    samples: samples.map(({ line, spans }) => ({
      line,
      tokens: spans.reduce((sum, span) => sum + span.tokens.length, 0),
      pieces: spans.map(({ text, graded }) => ({ text, graded })),
    })),
    lengths,
    columns: [...found],
    mapping: { ...mapping },
    problem: problem === null ? null : { code: problem.code, facts: problem.facts },
  };
}

/** 0: it is in no one line. */
function lineOf({ facts }: AppError): number {
  const line = 'line' in facts ? Number(facts.line) : 0;
  return Number.isSafeInteger(line) && line > 0 ? line : 0;
}

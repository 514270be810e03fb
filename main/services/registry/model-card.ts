/** The model card: Markdown with the YAML head that the Hugging Face hub reads. A section is there only where there is something to say. */
import { stringify } from 'yaml';
import type { KeptVerdict } from '../../../shared/domain/gate-verdict.ts';
import { versionText } from '../../../shared/domain/version.ts';
import type { Scores, VersionRecord } from '../../../shared/domain/version-record.ts';
import { formatBytes, formatNumber } from '../../../shared/text/format.ts';

type Rows = readonly (readonly [string, string])[];
type CardInput = VersionRecord;

/** `gate`: what it said when the version was approved. */
export function renderModelCard(input: CardInput, gate: KeptVerdict | null = null): string {
  const sections: readonly (readonly [string, string])[] = [
    ['Results', resultsText(input)],
    ['Approval', gate === null ? '' : gateText(gate)],
    ['How it was trained', table(parameterRows(input))],
    ['Made from', table(sourceRows(input))],
    ['How to use it', usageText(input)],
    ['Files', table(input.artifacts.map(({ path, bytes, sha256 }) => [`\`${path}\``, `${formatBytes(bytes)}, SHA-256 \`${sha256}\``]))],
    ['Notes', table(Object.entries(input.metadata).map(([key, value]) => [key, plain(value)]))],
  ];
  const body = sections.filter(([, text]) => text !== '').map(([title, text]) => `## ${title}\n\n${text}\n`);
  return `---\n${stringify(cardHead(input), { lineWidth: 0 })}---\n\n# ${versionText(input)}\n\n${introduction(input)}\n\n${body.join('\n')}`;
}

/** What the hub indexes. Keys without a value are left out. */
function cardHead({ name, version, kind, base_model: base, dataset, metrics, evaluation }: CardInput): Readonly<Record<string, unknown>> {
  const results = [
    ...(evaluation === null ? [] : [result(evaluation.data.name, 'test', scoreMetrics(evaluation.after))]),
    ...(metrics['eval_loss'] === undefined || dataset === null ? [] : [result(dataset.name, 'holdout', { loss: metrics['eval_loss'] })]),
  ];
  return {
    base_model: base.name,
    library_name: kind === 'adapter' ? 'peft' : 'transformers',
    pipeline_tag: 'text-generation',
    tags: [...(kind === 'adapter' ? ['lora', 'peft'] : []), 'lathe'],
    ...(dataset === null ? {} : { datasets: [dataset.name] }),
    ...(results.length === 0 ? {} : { 'model-index': [{ name: `${name}@${version}`, results }] }),
  };
}

const result = (dataset: string, split: string, metrics: Readonly<Record<string, number>>): unknown => ({
  task: { type: 'text-generation' },
  dataset: { name: dataset, type: dataset, split },
  metrics: Object.entries(metrics).map(([type, value]) => ({ type, name: type.replaceAll('_', ' '), value })),
});

const scoreMetrics = ({ loss, perplexity, exact_match }: Scores): Readonly<Record<string, number>> => ({
  loss,
  perplexity,
  ...(exact_match === null ? {} : { exact_match }),
});

function introduction({ description, kind, base_model: base, lathe }: CardInput): string {
  const what =
    kind === 'adapter'
      ? `A LoRA adapter for ${base.name}`
      : kind === 'model'
        ? `A fully trained model, begun from ${base.name}`
        : `A model based on ${base.name}`;
  return `${description === '' ? '' : `${description}\n\n`}${what}. Registered with Lathe ${lathe}.`;
}

function resultsText({ metrics, evaluation }: CardInput): string {
  const parts = [
    ...(evaluation === null ? [] : [evaluationTable(evaluation.before, evaluation.after), evaluationNote(evaluation)]),
    table(
      Object.entries(metrics)
        .filter(([key]) => !key.startsWith('test_'))
        .map(([key, value]) => [key.replaceAll('_', ' '), formatNumber(value)]),
    ),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function evaluationTable(before: Scores | null, after: Scores): string {
  const rows = (['exact_match', 'loss', 'perplexity'] as const).flatMap((key) => {
    const value = (scores: Scores | null): string => (scores === null || scores[key] === null ? '-' : withError(scores[key], errorOf(scores, key)));
    return after[key] === null ? [] : [[key.replaceAll('_', ' '), ...(before === null ? [] : [value(before)]), value(after)]];
  });
  const head = before === null ? ['', 'with it'] : ['', 'base', 'with it'];
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

const errorOf = (scores: Scores, key: 'exact_match' | 'loss' | 'perplexity'): number | null => (key === 'perplexity' ? null : scores[`${key}_stderr`]);
const withError = (value: number, error: number | null): string => (error === null ? formatNumber(value) : `${formatNumber(value)} ± ${formatNumber(error)}`);

function evaluationNote({ data, after, test }: NonNullable<CardInput['evaluation']>): string {
  const rows = `On ${after.rows} rows of ${data.name} that were not trained on; ± is one standard error.`;
  return test === null ? rows : `${rows} ${test.gained} rows came right and ${test.lost} went wrong (${test.name}: p = ${test.p.toPrecision(2)}).`;
}

function gateText({ verdict, against, significance, rules }: KeptVerdict): string {
  const head = `Its gate said **${verdict ?? 'nothing'}** (each rule is wrong with a chance of at most ${formatNumber(significance)})${against ? '; it was approved against that' : ''}.`;
  const rows = rules.map(({ rule, benchmark, verdict: of, words: text }) => `| ${words(rule)} | ${benchmark} | ${of} | ${plain(text)} |`);
  return [head, '', '| rule | benchmark | verdict | |', '|---|---|---|---|', ...rows].join('\n');
}

/** Blocks of settings become rows of their own. */
const parameterRows = ({ parameters }: CardInput): Rows =>
  Object.entries(parameters).flatMap(([block, value]): Rows => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[words(block), plain(value)]];
    return Object.entries(value).flatMap(([key, each]): Rows => (each === null ? [] : [[words(key), plain(each)]]));
  });

const sourceRows = ({ base_model: base, dataset, run, lineage, created, created_by: by, origin }: CardInput): Rows => [
  ['base model', withHash(base.name, base.sha256)],
  ...(dataset === null ? [] : [['data', withHash(dataset.name, dataset.sha256)] as const]),
  ...(run === null ? [] : [['run', run] as const]),
  ...lineage.map(
    ({ run: parent, sha256 }, i) =>
      [i === 0 ? 'goes on from' : 'which went on from', withHash(parent === null ? 'an adapter' : `run ${parent}`, sha256)] as const,
  ),
  ['registered', `${created} by ${by.user}${origin === 'import' ? ', imported' : ''}`],
];

const withHash = (name: string, sha256: string | null): string => (sha256 === null ? name : `${name} (SHA-256 \`${sha256}\`)`);

function usageText(record: CardInput): string {
  const { kind, base_model: base, artifacts } = record;
  if (kind !== 'adapter') return '';
  const lines = [`With Lathe: \`lathe generate --model ${base.name} --adapter ${versionText(record)} --prompt "…"\``];
  if (artifacts.some(({ path }) => path.startsWith('adapter/'))) lines.push('With PEFT: `PeftModel.from_pretrained(base, folder)`');
  if (artifacts.some(({ path }) => path.endsWith('.gguf'))) lines.push('With llama.cpp: `llama-cli --model base.gguf --lora adapter.gguf`');
  return lines.map((line) => `- ${line}`).join('\n');
}

const words = (key: string): string => key.replaceAll('_', ' ');
const plain = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll(/\s*\n\s*/g, ' ').replaceAll('|', '\\|');
const table = (rows: Rows): string => (rows.length === 0 ? '' : ['| | |', '|---|---|', ...rows.map(([key, value]) => `| ${key} | ${value} |`)].join('\n'));

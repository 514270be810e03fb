/** A comparison of two versions as it is shown: by section, values as text, changes with what they mean. */
import type { Comparison } from '../../../shared/contracts/registry-calls.ts';
import { texts } from '../../texts/texts.ts';
import { changeText } from './evidence-words.ts';
import { betterWhen, metricName, metricText } from './metric-text.ts';

export type Section = Comparison['differences'][number]['section'];
type Value = Comparison['differences'][number]['value1'];

export interface ComparedField {
  /** What it is called to people. */
  readonly field: string;
  readonly one: string | null;
  readonly other: string | null;
  /** null: not of numbers. */
  readonly change: { readonly text: string; readonly isBetter: boolean | null } | null;
}

export interface ComparedSection {
  readonly section: Section;
  readonly fields: readonly ComparedField[];
}

/** What decides comes first. */
const order: readonly Section[] = ['evaluation', 'benchmarks', 'metrics', 'parameters', 'data', 'base_model', 'general', 'metadata'];

export function differingSections({ differences }: Comparison): readonly ComparedSection[] {
  return bySection(differences, ({ section, field, value1, value2, change }) => ({
    field: shortField(section, field),
    one: textOfValue(field, value1),
    other: textOfValue(field, value2),
    change: change === null ? null : { text: changeText(lastPart(field), change), isBetter: isBetter(field, change) },
  }));
}

export function sameSections({ similarities }: Comparison): readonly ComparedSection[] {
  return bySection(similarities, ({ section, field, value }) => {
    const text = textOfValue(field, value);
    return { field: shortField(section, field), one: text, other: text, change: null };
  });
}

function bySection<T extends { readonly section: Section }>(rows: readonly T[], toField: (row: T) => ComparedField): readonly ComparedSection[] {
  return order.flatMap((section) => {
    const fields = rows.filter((row) => row.section === section).map(toField);
    return fields.length === 0 ? [] : [{ section, fields }];
  });
}

/** `evaluation.before` scores the base, so its change is no merit of the version; an error that shrinks is none either. */
function isBetter(field: string, change: number): boolean | null {
  const when = /\.before\.|^metrics\.base_|_stderr$/.test(field) ? null : betterWhen(lastPart(field));
  return when === null || change === 0 ? null : (when === 'more') === change > 0;
}

/** Figures have names; settings keep their own, which are written in files. */
function shortField(section: Section, field: string): string {
  const short = field.startsWith(`${section}.`) ? field.slice(section.length + 1) : field;
  if (section === 'metrics') return metricName(short);
  const [, side, score] = /^(before|after)\.(\w+)$/.exec(short) ?? [];
  return section !== 'evaluation' || side === undefined || score === undefined
    ? short
    : texts.registry.comparison.sides[side as 'before' | 'after'](scoreName(score));
}

const scoreName = (score: string): string =>
  (texts.registry.evaluation.scores as Readonly<Record<string, string>>)[score]?.toLowerCase() ?? score.replaceAll('_', ' ');
const lastPart = (field: string): string => field.split('.').at(-1) ?? field;

function textOfValue(field: string, value: Value): string | null {
  if (value === null) return null;
  if (typeof value === 'number') return metricText(lastPart(field), value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

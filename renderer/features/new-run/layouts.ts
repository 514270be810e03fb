/** What rows may look like: the parts of each layout, as `data.columns` names them. */
import type { ColumnMapping } from '../../../shared/domain/data-config.ts';

export interface RowLayout {
  readonly id: 'messages' | 'sharegpt' | 'alpaca' | 'prompt-completion' | 'text';
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

export const rowLayouts: readonly RowLayout[] = [
  { id: 'messages', required: ['messages'], optional: [] },
  { id: 'sharegpt', required: ['conversations'], optional: ['system'] },
  { id: 'alpaca', required: ['instruction', 'output'], optional: ['input', 'system'] },
  { id: 'prompt-completion', required: ['prompt', 'completion'], optional: ['system'] },
  { id: 'text', required: ['text'], optional: [] },
];

export const partsOf = ({ required, optional }: RowLayout): readonly string[] => [...required, ...optional];

/** The layout whose required parts all have a column. */
export const layoutOf = (mapping: ColumnMapping): RowLayout | null => rowLayouts.find(({ required }) => required.every((part) => part in mapping)) ?? null;

/** What stays of a mapping under another layout: the parts that both have. */
export const keptBy = (layout: RowLayout, mapping: ColumnMapping): ColumnMapping =>
  Object.fromEntries(Object.entries(mapping).filter(([part]) => partsOf(layout).includes(part)));

export const isComplete = ({ required }: RowLayout, mapping: ColumnMapping): boolean => required.every((part) => part in mapping);

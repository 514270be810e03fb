/** Two versions field by field: what differs, and what is the same. */
import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import type { Comparison } from '../../../shared/contracts/registry-calls.ts';
import type { VersionRecord } from '../../../shared/domain/version-record.ts';
import type { VersionState } from '../../../shared/domain/version-state.ts';

type Json = z.core.util.JSONType;
type Section = Comparison['differences'][number]['section'];
interface Field {
  readonly section: Section;
  readonly value: Json;
}

export interface Compared {
  /** By benchmark. */
  readonly scores: Readonly<Record<string, unknown>>;
  readonly state: VersionState;
  readonly record: VersionRecord;
}

export function compareVersions(one: Compared, two: Compared): Comparison {
  const [fields1, fields2] = [fieldsOf(one), fieldsOf(sameBase(one, two))];
  const differences: Comparison['differences'] = [];
  const similarities: Comparison['similarities'] = [];
  for (const field of new Set([...fields1.keys(), ...fields2.keys()])) {
    const [of1, of2] = [fields1.get(field), fields2.get(field)];
    const section = (of1 ?? of2)?.section ?? 'general';
    const [value1, value2] = [of1?.value ?? null, of2?.value ?? null];
    if (isDeepStrictEqual(value1, value2)) similarities.push({ section, field, value: value1 });
    else differences.push({ section, field, value1, value2, change: changeOf(value1, value2) });
  }
  const key = ({ record: { name, version } }: Compared): Comparison['model1'] => ({ name, version });
  return { model1: key(one), model2: key(two), differences, similarities };
}

/** The same bytes are the same base, whatever its file was called. */
function sameBase({ record: { base_model: first } }: Compared, two: Compared): Compared {
  const { base_model: second } = two.record;
  if (first.sha256 === null || first.sha256 !== second.sha256) return two;
  return { ...two, record: { ...two.record, base_model: { ...second, name: first.name } } };
}

const changeOf = (value1: Json, value2: Json): number | null => (typeof value1 === 'number' && typeof value2 === 'number' ? value2 - value1 : null);

/** By dotted name, in the order in which they are worth reading. A field that is null is as good as missing. */
function fieldsOf({ state, record, scores }: Compared): ReadonlyMap<string, Field> {
  const { base_model: base, dataset, evaluation } = record;
  const fields = new Map<string, Field>();
  const add = (section: Section, field: string, value: unknown): void => {
    if (value === null || value === undefined) return;
    if (typeof value === 'object' && !Array.isArray(value)) for (const [key, each] of Object.entries(value)) add(section, `${field}.${key}`, each);
    else fields.set(field, { section, value: value as Json });
  };
  add('base_model', 'base_model', { name: base.name, sha256: base.sha256 });
  add('data', 'data', dataset === null ? null : { name: dataset.name, sha256: dataset.sha256 });
  add('parameters', 'parameters', record.parameters);
  add('metrics', 'metrics', record.metrics);
  if (evaluation !== null) {
    add('evaluation', 'evaluation', { data: evaluation.data.name, data_sha256: evaluation.data.sha256, before: evaluation.before, after: evaluation.after });
  }
  for (const [benchmark, figures] of Object.entries(scores)) add('benchmarks', benchmark, figures);
  add('general', 'kind', record.kind);
  add('general', 'state', state);
  add('general', 'description', record.description);
  add('general', 'run', record.run);
  add('metadata', 'metadata', record.metadata);
  return fields;
}

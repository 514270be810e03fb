/** What a version is, what it was made from, and the figures of its training. */
import { Link } from 'react-aria-components';
import type { VersionDetails } from '../../../shared/contracts/registry-calls.ts';
import type { VersionRecord, VersionSource } from '../../../shared/domain/version-record.ts';
import { Facts, type Fact } from '../../components/facts.tsx';
import { Time } from '../../components/time.tsx';
import { texts } from '../../texts/texts.ts';
import { isTrainingMetric, metricName, metricText, shortHash } from './metric-text.ts';
import styles from './registry.module.css';

const words = texts.registry.overview;

export const Source = ({ source: { name, path, sha256 } }: { readonly source: VersionSource }) => (
  <span title={path ?? undefined}>
    {name}
    {sha256 !== null && (
      <>
        {' '}
        <span className={styles['hash']} title={words.sha(sha256)}>
          {shortHash(sha256)}
        </span>
      </>
    )}
  </span>
);

export const originFacts = ({ base_model, dataset, run, lineage }: VersionRecord): readonly Fact[] => [
  { name: words.base, value: <Source source={base_model} /> },
  { name: words.data, value: dataset === null ? null : <Source source={dataset} /> },
  { name: words.run, value: run === null ? null : <Link href={`/runs/${run}`}>{run}</Link> },
  ...lineage.slice(0, 1).map(({ path, sha256, run: before }) => ({ name: words.goesOn, value: <Source source={{ name: before ?? path, path, sha256 }} /> })),
];

export const trainingFacts = ({ metrics }: Pick<VersionRecord, 'metrics'>): readonly Fact[] =>
  Object.entries(metrics)
    .filter(([key]) => isTrainingMetric(key))
    .map(([key, value]) => ({ name: metricName(key), value: metricText(key, value) }));

export const VersionFacts = ({ version: { record, dir } }: { readonly version: VersionDetails }) => (
  <Facts
    wide
    facts={[
      { name: words.kind, value: words.kinds[record.kind] },
      { name: words.origin, value: words.origins[record.origin] },
      ...originFacts(record),
      { name: words.created, value: <Time at={record.created} /> },
      { name: words.by, value: `${record.created_by.user}@${record.created_by.host}` },
      { name: words.lathe, value: record.lathe },
      { name: words.folder, value: <span className="mono">{dir}</span> },
    ]}
  />
);

/** What a test of a connection found, or what stands in its way. */
import type { HanaReport, MissingRight } from '../../../shared/contracts/hana-calls.ts';
import { fromWireError } from '../../../shared/errors/wire-error.ts';
import { Badge } from '../../components/badge.tsx';
import { Code } from '../../components/code.tsx';
import { Facts } from '../../components/facts.tsx';
import { Failure } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './hana.module.css';

const words = texts.hana.report;
type Found = NonNullable<HanaReport['found']>;

export const ReportFacts = ({ report: { error, found } }: { readonly report: HanaReport }) => (
  <div className={styles['column']} role="status">
    {error !== null && <Failure error={fromWireError(error)} />}
    {found !== null && <FoundFacts found={found} />}
  </div>
);

const FoundFacts = ({ found }: { readonly found: Found }) => (
  <>
    <p className={styles['line']}>
      <Badge tone="good">{words.works}</Badge>
      <span>{words.roundTrip(found.round_trip_ms.toFixed(0))}</span>
    </p>
    <Facts
      facts={[
        { name: words.version, value: found.version },
        { name: words.database, value: found.database },
        { name: words.schema, value: found.schema },
        { name: words.tables, value: tablesWords(found) },
        { name: words.clock, value: words.seconds((found.clock_difference_ms / 1000).toFixed(1)) },
      ]}
    />
    {found.schema_version === null || found.schema_version < found.newest_schema_version ? <p className={styles['text']}>{words.init}</p> : null}
    {(found.missing_rights ?? []).length > 0 && <MissingRights rights={found.missing_rights ?? []} />}
  </>
);

const tablesWords = ({ schema_version: version, newest_schema_version: newest }: Found): string =>
  version === null ? words.noTables : version < newest ? words.olderTables(String(version), String(newest)) : words.allTables(String(version));

const MissingRights = ({ rights }: { readonly rights: readonly MissingRight[] }) => (
  <section className={styles['column']} aria-label={words.rights}>
    <h3>{words.rights}</h3>
    <ul>
      {rights.map(({ right, needed_for: neededFor }) => (
        <li key={right}>
          <code>{right}</code> {neededFor}
        </li>
      ))}
    </ul>
    <Code label={words.grants}>{rights.map(({ grant }) => grant).join('\n')}</Code>
  </section>
);

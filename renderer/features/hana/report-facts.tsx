/** What a test of a connection found, or what stands in its way. */
import type { HanaReport, MissingRight } from '../../../shared/contracts/hana-calls.ts';
import { fromWireError } from '../../../shared/errors/wire-error.ts';
import { Badge } from '../../components/badge.tsx';
import { Code } from '../../components/code.tsx';
import { Facts } from '../../components/facts.tsx';
import { Failure } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { MakeTables } from './make-tables.tsx';
import styles from './hana.module.css';

const words = texts.hana.report;
type Found = NonNullable<HanaReport['found']>;

interface ReportFactsProps {
  readonly report: HanaReport;
  /** What was found is not so any more. */
  readonly onChanged: () => void;
}

export const ReportFacts = ({ report: { connection, error, found }, onChanged }: ReportFactsProps) => (
  <div className={styles['column']} role="status">
    {error !== null && <Failure error={fromWireError(error)} />}
    {found !== null && <FoundFacts found={found} connection={connection} onMade={onChanged} />}
  </div>
);

const FoundFacts = ({ found, connection, onMade }: { readonly found: Found; readonly connection: string; readonly onMade: () => void }) => (
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
        { name: words.clock, value: words.seconds((Math.round(found.clock_difference_ms / 100) / 10 || 0).toFixed(1)) },
      ]}
    />
    {(found.schema_version ?? 0) < found.newest_schema_version && <MakeTables connection={connection} onMade={onMade} />}
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

/** HANA connections and what is behind them, as people read them. */
import type { HanaReport, KnownHana } from '../../../shared/contracts/hana-calls.ts';
import { table } from './table.ts';

export const hanaTable = (connections: readonly KnownHana[]): readonly string[] =>
  connections.length === 0
    ? ['No connections. Make one: lathe hana add NAME --host HOST --user USER --secret SECRET']
    : table([
        ['connection', 'host', 'user', 'schema', 'driver', 'TLS', ''],
        ...connections.map(({ connection: { name, host, port, user, schema, driver, encrypt, validate_certificate: isValidated }, is_chosen: isChosen }) => [
          ...[name, `${host}:${String(port)}`, user, schema ?? "the user's own", driver],
          ...[encrypt ? (isValidated ? 'yes' : 'unchecked') : 'no', isChosen ? 'kept in step' : ''],
        ]),
      ]);

export function hanaReportLines({ connection, found }: HanaReport): readonly string[] {
  if (found === null) return [];
  const { version, database, user, schema, missing_rights: missing, schema_version: has, newest_schema_version: newest } = found;
  return [
    `${connection}: HANA ${version ?? '(its version is not told to this user)'}${database === null ? '' : `, database ${database}`}`,
    `as ${user} in schema ${schema}, ${String(found.round_trip_ms)} ms there and back`,
    ...clockLines(found.clock_difference_ms),
    tablesLine(connection, { has, newest }),
    ...(missing === null
      ? ['Rights: HANA does not tell them to this user.']
      : missing.length === 0
        ? ['Rights: all that are needed.']
        : missing.map(({ right, needed_for, grant }) => `Missing right: ${right}, for ${needed_for}: ${grant}`)),
  ];
}

const clockLines = (difference: number): readonly string[] => {
  const seconds = Math.abs(difference) / 1_000;
  return seconds < 2 ? [] : [`Its clock is ${seconds.toFixed(1)} s ${difference > 0 ? 'ahead of' : 'behind'} this machine's; nothing is ordered by either.`];
};

const tablesLine = (connection: string, { has, newest }: { readonly has: number | null; readonly newest: number }): string => {
  if (has === null) return `Lathe's tables are not there: lathe init --hana ${connection}`;
  if (has < newest) return `Lathe's tables are of version ${String(has)}, newest is ${String(newest)}: lathe init --hana ${connection}`;
  return `Lathe's tables: version ${String(has)}.`;
};

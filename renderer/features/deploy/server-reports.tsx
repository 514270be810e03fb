/** What the servers of a target were found to be: a row each, and under the table what is wrong there, with its remedy. */
import type { KnownTarget } from '../../../shared/contracts/deployment-calls.ts';
import type { ServerReport, Target } from '../../../shared/domain/target.ts';
import { formatBytes } from '../../../shared/text/format.ts';
import { Badge, type Tone } from '../../components/badge.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Time } from '../../components/time.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './deploy.module.css';

const words = texts.deploy.targets;
const tones: Readonly<Record<ServerReport['state'], Tone>> = { ok: 'good', limited: 'warn', failed: 'bad' };

export const ServerReports = ({ known: { target, reports } }: { readonly known: Pick<KnownTarget, 'target' | 'reports'> }) => (
  <>
    <PlainTable label={target.name} columns={words.columns}>
      {reports.map((report) => (
        <ReportRow key={report.server} report={report} url={urlOf(target, report.server)} />
      ))}
    </PlainTable>
    <Problems reports={reports} />
    <Aliases reports={reports} />
  </>
);

const urlOf = (target: Target, server: string): string =>
  target.kind === 'embedded' ? `http://127.0.0.1:${target.port}/v1` : (target.servers.find(({ name }) => name === server)?.url ?? '');

function ReportRow({ report, url }: { readonly report: ServerReport; readonly url: string }) {
  const { server, state, version, at, memory_free_bytes: free, memory_total_bytes: total, round_trip_ms: ms } = report;
  return (
    <tr>
      <th scope="row">
        {server} <span className={styles['url']}>{url}</span>
      </th>
      <td>
        <Badge tone={tones[state]}>{words.states[state]}</Badge>
      </td>
      <td>{version ?? words.unknown}</td>
      <td className={styles['unbroken']}>
        {free === null ? words.unknown : total === null ? formatBytes(free) : words.memory(formatBytes(free), formatBytes(total))}
      </td>
      <td>{allowed(report)}</td>
      <td className={styles['unbroken']}>
        <Time at={at} />
        {ms !== null && ms >= 1 && <span className="muted"> · {words.ms(ms)}</span>}
      </td>
    </tr>
  );
}

function allowed({ can, auth, state }: ServerReport): string {
  if (state === 'failed') return words.nothing;
  const names = (Object.keys(can) as (keyof ServerReport['can'])[]).flatMap((name) => (can[name] ? [words.can[name]] : []));
  return [...names, ...(auth === null ? [] : [words.auths[auth]])].join(', ');
}

function Problems({ reports }: { readonly reports: readonly ServerReport[] }) {
  const problems = reports.flatMap(({ server, problems: said }) => said.map((text) => ({ server, text })));
  if (problems.length === 0) return null;
  return (
    <section className={styles['warning']} aria-label={words.problems}>
      <h3>{words.problems}</h3>
      <ul className={styles['list']}>
        {problems.map(({ server, text }) => (
          <li key={`${server} ${text}`}>
            <strong>{server}</strong>
            <span>{text}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Aliases({ reports }: { readonly reports: readonly ServerReport[] }) {
  const aliases = reports.flatMap(({ server, aliases: known }) => known.map(({ name, target }) => ({ server, name, target })));
  if (aliases.length === 0) return null;
  return (
    <section aria-label={words.answers}>
      <h3>{words.answers}</h3>
      <ul className={styles['list']}>
        {aliases.map(({ server, name, target }) => (
          <li key={`${server} ${name}`}>
            <strong>{name}</strong>
            <span className="mono">{target}</span>
            {reports.length > 1 && <span className="muted">{server}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

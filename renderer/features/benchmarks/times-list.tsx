/** Times to come, written out: day, date and time, in the zone they are meant in where that is another. */
import styles from './benchmarks.module.css';

interface TimesListProps {
  readonly times: readonly string[];
  /** An IANA name; null or one that nobody knows: the machine's. */
  readonly zone?: string | null;
}

export const TimesList = ({ times, zone = null }: TimesListProps) => (
  <ol className={styles['times']}>
    {times.map((time) => (
      <li key={time}>
        <time dateTime={time}>{formatIn(zone).format(new Date(time))}</time>
      </li>
    ))}
  </ol>
);

const parts = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZoneName: 'short' } as const;

function formatIn(zone: string | null): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat(undefined, zone === null ? parts : { ...parts, timeZone: zone });
  } catch {
    return new Intl.DateTimeFormat(undefined, parts);
  }
}

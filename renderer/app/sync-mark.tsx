/** How sharing with HANA stands, always in sight where there is a connection. */
import { Link } from 'react-aria-components';
import { useCall } from '../bridge/core-context.tsx';
import { syncLine, syncTone } from '../features/hana/sync-words.ts';
import { texts } from '../texts/texts.ts';
import styles from './sync-mark.module.css';

export function SyncMark() {
  const { data } = useCall('sync.status', {});
  if (data === undefined || data.state === 'none') return null;
  return (
    <Link href={data.conflicts > 0 ? '/hana?part=conflicts' : '/hana'} className={styles['mark'] ?? ''} aria-label={`${texts.hana.mark}: ${syncLine(data)}`}>
      <span className={styles['dot']} data-tone={syncTone(data)} aria-hidden />
      {syncLine(data)}
    </Link>
  );
}

/** How being in step with HANA stands, in words. */
import type { SyncNow } from '../../../shared/contracts/sync-calls.ts';
import { formatCount } from '../../../shared/text/format.ts';
import type { Tone } from '../../components/badge.tsx';
import { texts } from '../../texts/texts.ts';

const words = texts.hana.state;

export const syncTones: Readonly<Record<SyncNow['state'], Tone>> = {
  none: 'neutral',
  idle: 'good',
  syncing: 'info',
  offline: 'neutral',
  waiting: 'warn',
  attention: 'bad',
};

/** What is left to do, part by part: for the machine first, then for the user. */
export const leftToDo = ({ pending, parked, conflicts }: Pick<SyncNow, 'pending' | 'parked' | 'conflicts'>): readonly string[] => [
  ...(pending > 0 ? [words.pending(formatCount(pending))] : []),
  ...(parked > 0 ? [words.parked(formatCount(parked))] : []),
  ...(conflicts > 0 ? [words.conflicts(formatCount(conflicts))] : []),
];

/** One line for a narrow place. */
export function syncLine(now: Pick<SyncNow, 'state' | 'pending' | 'parked' | 'conflicts'>): string {
  const asks = now.conflicts > 0 && now.state !== 'attention' ? words.conflicts(formatCount(now.conflicts)) : null;
  const left = asks ?? (now.pending > 0 ? words.pending(formatCount(now.pending)) : null);
  return [words.short[now.state], ...(left === null ? [] : [left])].join(' · ');
}

/** A state that somebody should look at, whatever else goes on. */
export const syncTone = ({ state, conflicts, parked }: Pick<SyncNow, 'state' | 'conflicts' | 'parked'>): Tone =>
  state !== 'attention' && (conflicts > 0 || parked > 0) ? 'warn' : syncTones[state];

const entities: Readonly<Record<string, string>> = texts.hana.entities;

/** A newer Lathe may have told of a thing that this one has no word for. */
export const entityName = (entity: string): string => entities[entity] ?? entity;

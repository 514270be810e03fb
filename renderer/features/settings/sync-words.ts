/** How sharing with HANA stands, in sentences. */
import type { SyncStatus } from '../../../shared/contracts/sync-calls.ts';
import { formatBytes, formatCount } from '../../../shared/text/format.ts';
import { texts } from '../../texts/texts.ts';

const words = texts.settings.sync;

export function syncSentences({
  connected,
  pending,
  sending,
  parked,
  bytes,
}: Pick<SyncStatus, 'connected' | 'pending' | 'sending' | 'parked' | 'bytes'>): readonly string[] {
  const state = [
    ...(pending > 0 ? [words.waiting(formatCount(pending), formatBytes(bytes))] : []),
    ...(sending > 0 ? [words.sending(formatCount(sending))] : []),
    ...(parked > 0 ? [words.parked(formatCount(parked))] : []),
  ];
  if (!connected) return [words.unconnected, ...state];
  return state.length === 0 ? [words.idle] : state;
}

/** What became of a version: its states and the moves of its tags in one line of time. */
import type { StateEntry, TagEntry } from '../../../shared/domain/version-record.ts';
import type { Actor } from '../../../shared/domain/actor.ts';
import { texts } from '../../texts/texts.ts';

const words = texts.registry;

export interface HistoryEntry {
  readonly at: string;
  readonly what: string;
  readonly actor: Actor;
  readonly reason: string | null;
}

/** Newest first. Of the tags those that came to it or went from it. */
export function historyEntries(version: string, states: readonly StateEntry[], tags: readonly TagEntry[]): readonly HistoryEntry[] {
  const became = states.map(({ state, previous, ...entry }): HistoryEntry => {
    const what = words.history.became(texts.versionStates[state], previous === null ? null : texts.versionStates[previous]);
    return { ...who(entry), what: previous === null ? capital(what) : what };
  });
  const moves = tags
    .filter((entry) => entry.version === version || entry.previous === version)
    .map((entry): HistoryEntry => ({ ...who(entry), what: words.history.tag(entry.tag, tagMove(entry)) }));
  return [...became, ...moves].toSorted((one, other) => other.at.localeCompare(one.at));
}

export function tagMove({ version, previous }: Pick<TagEntry, 'version' | 'previous'>): string {
  if (version === null) return words.moves.taken(previous ?? '');
  return previous === null ? words.moves.put(version) : words.moves.moved(previous, version);
}

export const actorText = ({ user, host, token }: Actor): string => `${user}@${host}${token === null ? '' : `, ${words.history.token(token)}`}`;

const who = ({ at, actor, reason }: Pick<HistoryEntry, 'at' | 'actor' | 'reason'>): Pick<HistoryEntry, 'at' | 'actor' | 'reason'> => ({ at, actor, reason });
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

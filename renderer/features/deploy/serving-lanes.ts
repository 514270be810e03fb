/** What answered when, laid out: a lane for every name on every server, a bar for every time. Pure. */
import type { Serving } from '../../../shared/domain/deployment.ts';
import { texts } from '../../texts/texts.ts';

export interface ServingBar {
  readonly serving: Serving;
  readonly what: string;
  /** Of the whole length, 0 to 1. */
  readonly start: number;
  readonly length: number;
  /** Of the lane's height, from its foot: shares that answer at once lie upon each other. */
  readonly foot: number;
  readonly height: number;
  /** Which colour: the same for the same version. */
  readonly color: number;
}

export interface ServingLane {
  readonly target: string;
  readonly server: string;
  readonly alias: string;
  readonly bars: readonly ServingBar[];
}

export interface Timeline {
  readonly from: number;
  readonly to: number;
  readonly lanes: readonly ServingLane[];
}

export const servedText = ({ name, version, served_as: servedAs }: Pick<Serving, 'name' | 'version' | 'served_as'>): string =>
  name === null || version === null ? texts.deploy.history.unknown(servedAs) : `${name}@${version}`;

/** null: nothing has answered. `now` ends what still does. */
export function timelineOf(servings: readonly Serving[], now: number): Timeline | null {
  if (servings.length === 0) return null;
  const from = Math.min(...servings.map((each) => Date.parse(each.from)));
  const to = Math.max(now, from + 1, ...servings.map((each) => (each.to === null ? now : Date.parse(each.to))));
  const ordered = servings.toSorted((a, b) => Date.parse(a.from) - Date.parse(b.from));
  const colors = [...new Set(ordered.map(servedText))];
  const lanes = new Map<string, Serving[]>();
  for (const each of ordered) {
    const key = JSON.stringify([each.alias, each.target, each.server]);
    lanes.set(key, [...(lanes.get(key) ?? []), each]);
  }
  const at = (moment: number): number => (moment - from) / (to - from);
  const endOf = ({ to: end }: Serving): number => (end === null ? to : Date.parse(end));
  const barsOf = (lane: readonly Serving[]): readonly ServingBar[] =>
    lane.map((serving, index) => {
      const begin = Date.parse(serving.from);
      const below = lane.slice(0, index).filter((other) => endOf(other) > begin);
      const foot = Math.min(
        1,
        below.reduce((sum, { share }) => sum + share / 100, 0),
      );
      const what = servedText(serving);
      const height = Math.max(0, Math.min(serving.share / 100, 1 - foot));
      return { serving, what, start: at(begin), length: at(endOf(serving)) - at(begin), foot, height, color: colors.indexOf(what) };
    });
  return { from, to, lanes: [...lanes.values()].flatMap((lane) => (lane[0] === undefined ? [] : [{ ...placeOf(lane[0]), bars: barsOf(lane) }])) };
}

const placeOf = ({ target, server, alias }: Serving): Pick<ServingLane, 'target' | 'server' | 'alias'> => ({ target, server, alias });

/** A moment as somebody writes it, in this machine's time; null: it is none. */
export function momentOf(text: string): string | null {
  const found = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{1,2}:\d{2}(?::\d{2})?))?$/.exec(text.trim());
  if (found === null) return null;
  const [, day = '', time = '12:00'] = found;
  const date = new Date(`${day}T${time.padStart(5, '0')}`);
  // A day that is none (30 February) would become another one.
  return Number.isNaN(date.getTime()) || date.getDate() !== Number(day.slice(-2)) ? null : date.toISOString();
}

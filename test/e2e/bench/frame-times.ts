/** What a page's main thread did between two frames, from a trace of the browser: script, style and layout, overlaps counted once. */

export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
}

/** Events that are work of the page's own: JavaScript, style, layout. Painting is the compositor's. */
const work = new Set([
  'FunctionCall',
  'EvaluateScript',
  'FireAnimationFrame',
  'TimerFire',
  'EventDispatch',
  'RunMicrotasks',
  'UpdateLayoutTree',
  'Layout',
  'MinorGC',
  'MajorGC',
]);
/** The moment at which the main thread hands a picture over; what it did since the one before made it. */
const frameEnd = 'Commit';

/** Milliseconds of work a frame, in order. Only frames of the thread that has the most of them. */
export function frameTimes(events: readonly TraceEvent[]): readonly number[] {
  const ends = events.filter(({ name }) => name === frameEnd);
  const tid = mostFrequent(ends.map((event) => event.tid));
  const frames = ends
    .filter((event) => event.tid === tid)
    .map(({ ts }) => ts)
    .toSorted((a, b) => a - b);
  const spans = merged(events.filter((event) => event.tid === tid && work.has(event.name) && event.dur !== undefined));
  return frames.slice(0, -1).map((from, index) => {
    const to = frames[index + 1] ?? from;
    return spans.reduce((sum, [start, end]) => sum + Math.max(0, Math.min(end, to) - Math.max(start, from)), 0) / 1_000;
  });
}

function mostFrequent(values: readonly number[]): number | undefined {
  const counts = Map.groupBy(values, (value) => value);
  return [...counts].toSorted(([, a], [, b]) => b.length - a.length)[0]?.[0];
}

/** Spans that do not overlap. */
function merged(events: readonly TraceEvent[]): readonly (readonly [start: number, end: number])[] {
  const spans: [number, number][] = [];
  for (const { ts, dur = 0 } of events.toSorted((a, b) => a.ts - b.ts)) {
    const last = spans.at(-1);
    if (last !== undefined && ts <= last[1]) last[1] = Math.max(last[1], ts + dur);
    else spans.push([ts, ts + dur]);
  }
  return spans;
}

/** Where the others are, for the page of one benchmark run, score or schedule. */
import type { EntryList } from '../../components/entry.tsx';
import { texts } from '../../texts/texts.ts';

export const runList: EntryList = { href: '/benchmarks', title: texts.benchmarks.title, ...texts.benchmarks.entry };
export const scoreList: EntryList = { ...runList, none: texts.benchmarks.noScore };
export const scheduleList: EntryList = { href: '/benchmarks/schedules', title: texts.schedules.title, ...texts.schedules.entry };

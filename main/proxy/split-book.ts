/** The splits, in memory and in one file, and how their sides do. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { TrafficSplit, type SplitReport } from '../../shared/domain/traffic-split.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { writeFileAtomically } from '../platform/atomic-files.ts';
import { fileFailure } from '../platform/file-failure.ts';
import type { Side } from './choose-side.ts';
import { SideCounter, type Answered } from './side-figures.ts';

const SplitFile = z.strictObject({ splits: z.array(z.strictObject({ split: TrafficSplit, since: z.iso.datetime() })) });

interface Entry {
  readonly split: TrafficSplit;
  readonly since: string;
  readonly sides: { readonly [S in Side]: SideCounter };
}

export class SplitBook {
  readonly #path: string;
  readonly #now: () => Date;
  readonly #entries = new Map<string, Entry>();

  /** Throws SPLITS_INVALID, FILE_FORBIDDEN: a proxy that forgot its splits would send everybody to the old side. */
  constructor(path: string, now: () => Date = () => new Date()) {
    this.#path = path;
    this.#now = now;
    for (const { split, since } of readSplits(path)) this.#entries.set(split.alias, { split, since, sides: freshSides() });
  }

  find(alias: string): TrafficSplit | null {
    return this.#entries.get(alias)?.split ?? null;
  }

  /** Figures go on where only the share changes. Throws what writing throws; then nothing has changed. */
  set(split: TrafficSplit): void {
    const known = this.#entries.get(split.alias);
    const isSame = known?.split.new === split.new && known.split.previous === split.previous;
    const entry = isSame ? { ...known, split } : { split, since: this.#now().toISOString(), sides: freshSides() };
    this.#keep(new Map(this.#entries).set(split.alias, entry));
    this.#entries.set(split.alias, entry);
  }

  clear(alias: string): void {
    const left = new Map(this.#entries);
    if (!left.delete(alias)) return;
    this.#keep(left);
    this.#entries.delete(alias);
  }

  count({ alias, new: newer }: TrafficSplit, side: Side, answered: Answered): void {
    const entry = this.#entries.get(alias);
    if (entry?.split.new === newer) entry.sides[side].add(answered);
  }

  reports(): SplitReport[] {
    return [...this.#entries.values()].map(({ split, since, sides }) => ({
      split,
      since,
      new: sides.new.figures(),
      previous: sides.previous.figures(),
    }));
  }

  #keep(entries: ReadonlyMap<string, Entry>): void {
    const splits = [...entries.values()].map(({ split, since }) => ({ split, since }));
    try {
      writeFileAtomically(this.#path, `${JSON.stringify({ splits }, null, 2)}\n`, { mode: 0o600 });
    } catch (error) {
      throw fileFailure(error, { what: 'Splits', path: this.#path, action: 'write' });
    }
  }
}

const freshSides = (): Entry['sides'] => ({ new: new SideCounter(), previous: new SideCounter() });

function readSplits(path: string): z.infer<typeof SplitFile>['splits'] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw fileFailure(error, { what: 'Splits', path, action: 'read' });
  }
  try {
    return SplitFile.parse(JSON.parse(text)).splits;
  } catch (error) {
    throw new AppError('SPLITS_INVALID', { path }, { cause: error });
  }
}

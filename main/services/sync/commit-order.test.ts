/**
 * Why the clock is a row and not a sequence, over a store that shows what SQLite hides: two writers at once, rows that can be seen only once they are
 * committed, and a reader between them.
 */
import { describe, expect, it } from 'vitest';
import type { HanaRow, HanaSession } from '../hana/hana-session.ts';
import { raiseClock } from './sync-clock.ts';

/** READ COMMITTED with a lock on the one row of the clock; and a sequence beside it, which belongs to no transaction. */
class TwoWriters {
  seq = 0;
  sequence = 0;
  readonly committed: number[] = [];
  #holder: Writer | null = null;
  #waiting: (() => void)[] = [];

  async lock(writer: Writer): Promise<void> {
    while (this.#holder !== null && this.#holder !== writer) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#holder = writer;
  }

  commit(writer: Writer, seq: number, numbers: readonly number[]): void {
    this.seq = seq;
    this.committed.push(...numbers);
    if (this.#holder === writer) this.#holder = null;
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

class Writer implements HanaSession {
  readonly #store: TwoWriters;
  #seq: number | null = null;
  readonly numbers: number[] = [];

  constructor(store: TwoWriters) {
    this.#store = store;
  }
  async update(): Promise<number> {
    await this.#store.lock(this);
    this.#seq = (this.#seq ?? this.#store.seq) + 1;
    return 1;
  }
  query(): Promise<readonly HanaRow[]> {
    return Promise.resolve([{ SEQ: this.#seq ?? this.#store.seq, MIN_SEQ: 0, EPOCH: 'e', MIN_CLIENT: 1 }]);
  }
  commit(): Promise<void> {
    this.#store.commit(this, this.#seq ?? this.#store.seq, this.numbers);
    return Promise.resolve();
  }
  batch(): Promise<number> {
    return Promise.resolve(0);
  }
  rollback(): Promise<void> {
    return Promise.resolve();
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

type Take = (writer: Writer, store: TwoWriters) => Promise<number>;
const fromClock: Take = async (writer) => (await raiseClock(writer)).seq;
const fromSequence: Take = (_, store) => Promise.resolve((store.sequence += 1));

/** The first takes its number first and commits last; a reader looks in between and afterwards, from its cursor on. Returns what it has seen. */
async function readBetween(take: Take): Promise<number[]> {
  const store = new TwoWriters();
  const [slow, quick] = [new Writer(store), new Writer(store)];
  const seen: number[] = [];
  let cursor = 0;
  const read = (): void => {
    const found = store.committed.filter((number) => number > cursor).sort((one, two) => one - two);
    seen.push(...found);
    cursor = found.at(-1) ?? cursor;
  };
  slow.numbers.push(await take(slow, store));
  const second = take(quick, store).then(async (number) => {
    quick.numbers.push(number);
    await quick.commit();
  });
  // Whoever does not wait for the first is through by now.
  await new Promise((resolve) => setImmediate(resolve));
  read();
  await slow.commit();
  await second;
  read();
  return seen;
}

describe('change numbers', () => {
  it('of a sequence come in another order than commits: a reader loses one for good', async () => {
    expect(await readBetween(fromSequence)).toEqual([2]);
  });

  it('of the clock come in the order of commits: a reader sees every one', async () => {
    expect(await readBetween(fromClock)).toEqual([1, 2]);
  });
});

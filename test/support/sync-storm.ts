/**
 * Three laptops that change, delete and sync at random, with the connection cut before and after any statement and processes killed; then it is quiet.
 * What must hold: all have the same, each operation was taken in once, and nothing that somebody wrote has vanished.
 */
import { expect } from 'vitest';
import { isAppError } from '../../shared/errors/app-error.ts';
import type { HanaRow, HanaSession } from '../../main/services/hana/hana-session.ts';
import { ownFolder } from './empty-store.ts';
import type { MemoryHana } from './memory-hana.ts';
import { SyncDevice } from './sync-devices.ts';

export interface StormHana {
  open(): Promise<HanaSession>;
  /** Cuts the connection at the `number`th statement from now on; null: at none. */
  cutAt(number: number | null, when: 'before' | 'after'): Promise<void> | void;
  all(sql: string): Promise<readonly HanaRow[]> | readonly HanaRow[];
}

export interface StormOptions {
  readonly seed: number;
  readonly steps: number;
  /** How far off each device's clock is. */
  readonly skewMs?: readonly number[];
}

export function stormOver(hana: MemoryHana): StormHana {
  return {
    open: () => Promise.resolve(hana.open()),
    all: (sql) => hana.all(sql),
    cutAt: (number, when) => {
      const at = number === null ? null : hana.statements + number + 1;
      hana.fault = (_, each) => (each === at ? when : undefined);
    },
  };
}

const fields = ['a', 'b', 'c'];
const ids = ['one', 'two', 'three', 'four'];

export function random(seed: number): (below: number) => number {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}

export async function storm(hana: StormHana, { seed, steps, skewMs = [0, 0, 0] }: StormOptions): Promise<Storm> {
  const made = new Storm(hana, seed, skewMs);
  try {
    for (let step = 0; step < steps; step += 1) await made.step();
    await made.quiet();
    await made.check();
    return made;
  } finally {
    for (const device of made.devices) device.close();
  }
}

export class Storm {
  readonly devices: readonly SyncDevice[];
  readonly #hana: StormHana;
  readonly #random: (below: number) => number;
  readonly #written = new Set<string>();
  /** Replaced by somebody who saw it. */
  readonly #replaced = new Set<string>();
  cuts = 0;
  #token = 0;

  constructor(hana: StormHana, seed: number, skewMs: readonly number[]) {
    const folder = ownFolder();
    this.#hana = hana;
    this.#random = random(seed);
    this.devices = ['ann', 'bob', 'eve'].map((name, index) => {
      const device = new SyncDevice(folder, name);
      device.clock = () => new Date(Date.now() + (skewMs[index] ?? 0));
      return device;
    });
  }

  async step(): Promise<void> {
    const device = this.devices[this.#random(this.devices.length)] as SyncDevice;
    const what = this.#random(10);
    if (what < 5) this.#edit(device);
    else if (what === 5) this.#remove(device);
    else if (what === 6) device.restart();
    else await this.#sync(device, what > 7);
  }

  #edit(device: SyncDevice): void {
    const id = ids[this.#random(ids.length)] ?? '';
    const field = fields[this.#random(fields.length)] ?? '';
    const before = device.thing('run', id) ?? {};
    const token = `${device.name}${(this.#token += 1)}`;
    this.#written.add(token);
    if (typeof before[field] === 'string') this.#replaced.add(before[field]);
    device.change('run', id, { ...before, [field]: token });
  }

  #remove(device: SyncDevice): void {
    const id = ids[this.#random(ids.length)] ?? '';
    const before = device.thing('run', id);
    if (before === undefined) return;
    for (const token of Object.values(before)) this.#replaced.add(String(token));
    device.change('run', id, null);
  }

  async #sync(device: SyncDevice, isCut: boolean): Promise<void> {
    let session: HanaSession | null = null;
    try {
      session = await this.#hana.open();
      await this.#hana.cutAt(isCut ? this.#random(24) : null, this.#random(2) === 0 ? 'before' : 'after');
      await device.sync(session);
    } catch (error) {
      if (!isAppError(error) || !error.code.startsWith('HANA_')) throw error;
      this.cuts += 1;
      if (this.#random(3) === 0) device.restart();
    } finally {
      await this.#hana.cutAt(null, 'before');
      await session?.close();
    }
  }

  /** Nobody changes anything any more, and everybody is heard. */
  async quiet(): Promise<void> {
    for (let round = 0; round < 3; round += 1) for (const device of this.devices) await this.#sync(device, false);
  }

  async check(): Promise<void> {
    const [first, ...others] = this.devices.map((device) => runsOf(device));
    for (const other of others) expect(other).toEqual(first);
    const [seen, ...alike] = this.devices.map(({ store }) => [...store.shared.all('run'), ...store.shared.all('conflict')]);
    for (const other of alike) expect(other).toEqual(seen);
    const rows = await this.#hana.all('SELECT * FROM LATHE_RUNS');
    const here = Object.fromEntries(
      rows.filter((row) => row['PAYLOAD'] !== null).map((row) => [`run ${String(row['ID'])}`, JSON.parse(String(row['PAYLOAD']))]),
    );
    expect(first).toEqual(here);
    for (const { store } of this.devices) expect(store.outbox.size()).toMatchObject({ pending: 0, sending: 0, parked: 0 });
    const operations = await this.#hana.all('SELECT * FROM LATHE_SYNC_OPS');
    expect(new Set(operations.map((row) => row['OP_ID'])).size).toBe(operations.length);
    this.#checkNothingVanished([...rows, ...(await this.#hana.all('SELECT * FROM LATHE_CONFLICTS'))]);
  }

  #checkNothingVanished(rows: readonly HanaRow[]): void {
    const kept = rows.map((row) => String(row['PAYLOAD'])).join('\n');
    const vanished = [...this.#written].filter((token) => !this.#replaced.has(token) && !kept.includes(`"${token}"`));
    expect(vanished).toEqual([]);
  }
}

const runsOf = ({ things }: SyncDevice): unknown => Object.fromEntries([...things].filter(([key]) => key.startsWith('run ')));

/** Schedules as lathe.db keeps them, and what became of each of their times: the key of a time is what keeps it from being used twice. */
import { z } from 'zod';
import { ScheduleSlot } from '../../shared/contracts/schedule-calls.ts';
import { Actor } from '../../shared/domain/actor.ts';
import { ScheduleRules } from '../../shared/domain/scheduler-config.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Database, Row } from './database.ts';
import { json, parseRow } from './rows.ts';

export const StoredSchedule = z.object({
  name: z.string(),
  rules: ScheduleRules,
  enabled: z.boolean(),
  created: z.iso.datetime(),
  /** Who made it: its runs are theirs. */
  actor: Actor,
  /** Times up to here have been dealt with. */
  since: z.iso.datetime(),
  revision: z.int().min(1),
});
export type StoredSchedule = z.output<typeof StoredSchedule>;
export type NewSchedule = Omit<StoredSchedule, 'revision'>;

/** Of each schedule: most of three years of nights, or six weeks of hours. */
export const keptSlots = 1_000;

export class ScheduleRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list(): readonly StoredSchedule[] {
    return this.#database.prepare('SELECT * FROM schedules ORDER BY name').all().map(schedule);
  }

  find(name: string): StoredSchedule | null {
    const row = this.#database.prepare('SELECT * FROM schedules WHERE name = $name').get({ name });
    return row === undefined ? null : schedule(row);
  }

  /** Throws SCHEDULE_UNKNOWN. */
  get(name: string): StoredSchedule {
    const found = this.find(name);
    if (found === null) throw new AppError('SCHEDULE_UNKNOWN', { name });
    return found;
  }

  /** Throws SCHEDULE_NAME_TAKEN. */
  insert({ name, rules, enabled, created, actor, since }: NewSchedule): void {
    const { changes } = this.#database
      .prepare(
        `INSERT INTO schedules (name, rules, enabled, created, actor, since) VALUES ($name, $rules, $enabled, $created, $actor, $since)
         ON CONFLICT (name) DO NOTHING`,
      )
      .run({ name, rules: JSON.stringify(rules), enabled: Number(enabled), created, actor: JSON.stringify(actor), since });
    if (changes === 0) throw new AppError('SCHEDULE_NAME_TAKEN', { name });
  }

  /** As somebody decided: it has another revision then. */
  update(name: string, { rules, enabled, since }: Pick<StoredSchedule, 'rules' | 'enabled' | 'since'>): void {
    this.#database
      .prepare('UPDATE schedules SET rules = $rules, enabled = $enabled, since = $since, revision = revision + 1 WHERE name = $name')
      .run({ name, rules: JSON.stringify(rules), enabled: Number(enabled), since });
  }

  /** With its times. */
  remove(name: string): void {
    this.#database.prepare('DELETE FROM schedule_slots WHERE schedule = $name').run({ name });
    this.#database.prepare('DELETE FROM schedules WHERE name = $name').run({ name });
  }

  setSince(name: string, since: string): void {
    this.#database.prepare('UPDATE schedules SET since = $since WHERE name = $name').run({ name, since });
  }

  /** false: that time has been used, and nothing is changed. */
  claim(name: string, { slot, at, outcome, run, problem }: ScheduleSlot): boolean {
    const { changes } = this.#database
      .prepare(
        `INSERT INTO schedule_slots (schedule, slot, at, outcome, run, problem) VALUES ($name, $slot, $at, $outcome, $run, $problem)
         ON CONFLICT (schedule, slot) DO NOTHING`,
      )
      .run({ name, slot, at, outcome, run, problem });
    if (changes === 1) this.#trim(name);
    return changes === 1;
  }

  /** What is older than the times that are kept has been dealt with by `since`, so that none of it comes again. */
  #trim(name: string): void {
    const oldest = 'SELECT slot FROM schedule_slots WHERE schedule = $name ORDER BY slot DESC LIMIT 1 OFFSET $keep';
    this.#database.prepare(`DELETE FROM schedule_slots WHERE schedule = $name AND slot <= (${oldest})`).run({ name, keep: keptSlots });
  }

  isClaimed(name: string, slot: string): boolean {
    return this.#database.prepare('SELECT 1 FROM schedule_slots WHERE schedule = $name AND slot = $slot').get({ name, slot }) !== undefined;
  }

  /** Times that count as missed and have not come yet: the clock that said so was wrong. Those that were used stay used. */
  forgetMissedAfter(name: string, moment: string): void {
    this.#database.prepare("DELETE FROM schedule_slots WHERE schedule = $name AND outcome = 'missed' AND slot > $moment").run({ name, moment });
  }

  /** Newest first. */
  history(name: string, limit: number): readonly ScheduleSlot[] {
    return this.#database
      .prepare('SELECT slot, at, outcome, run, problem FROM schedule_slots WHERE schedule = $name ORDER BY slot DESC LIMIT $limit')
      .all({ name, limit })
      .map((row) => parseRow(ScheduleSlot, row, { table: 'schedule_slots', id: `${name} ${String(row['slot'])}` }));
  }

  /** Whether a run that it started has not ended. */
  isBusy(name: string): boolean {
    return this.#database.prepare("SELECT 1 FROM benchmark_runs WHERE schedule = $name AND state IN ('queued', 'running') LIMIT 1").get({ name }) !== undefined;
  }
}

const schedule = (row: Row): StoredSchedule =>
  parseRow(
    StoredSchedule,
    { ...row, rules: json(row['rules']), actor: json(row['actor']), enabled: row['enabled'] === 1 },
    { table: 'schedules', id: String(row['name']) },
  );

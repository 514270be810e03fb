/** lathe.db, opened: the repositories over one connection, and the transaction that spans them. */
import type { Logger } from '../platform/logger.ts';
import { AnswerRows } from './answer-rows.ts';
import { AuditRows } from './audit-rows.ts';
import { BenchmarkRows } from './benchmark-rows.ts';
import type { Database } from './database.ts';
import { DeploymentRows } from './deployment-rows.ts';
import { GateRows } from './gate-rows.ts';
import { HanaRows } from './hana-rows.ts';
import { openDatabase, type OpenedDatabase } from './open-database.ts';
import { OutboxRows } from './outbox-rows.ts';
import { PlannedVersionRows } from './planned-version-rows.ts';
import { RunRows } from './run-rows.ts';
import { RunViews } from './run-views.ts';
import { ScoreRows } from './score-rows.ts';
import { ServingRows } from './serving-rows.ts';
import { ScheduleRows } from './schedule-rows.ts';
import { SettingRows } from './setting-rows.ts';
import { SharedRows } from './shared-rows.ts';
import { ShelfRows } from './shelf-rows.ts';
import { SyncStateRows } from './sync-state-rows.ts';
import { TokenRows } from './token-rows.ts';
import { salvage, type Salvaged } from './salvage.ts';
import { TagRows } from './tag-rows.ts';
import { TargetRows } from './target-rows.ts';
import { VersionRows } from './version-rows.ts';

export class Store {
  readonly runs: RunRows;
  readonly runViews: RunViews;
  readonly audit: AuditRows;
  readonly outbox: OutboxRows;
  readonly shared: SharedRows;
  readonly syncState: SyncStateRows;
  readonly settings: SettingRows;
  readonly shelf: ShelfRows;
  readonly tokens: TokenRows;
  readonly answers: AnswerRows;
  readonly versions: VersionRows;
  readonly tags: TagRows;
  readonly planned: PlannedVersionRows;
  readonly benchmarks: BenchmarkRows;
  readonly scores: ScoreRows;
  readonly targets: TargetRows;
  readonly deployments: DeploymentRows;
  readonly servings: ServingRows;
  readonly gates: GateRows;
  readonly schedules: ScheduleRows;
  readonly hana: HanaRows;
  /** The database was made just now: there may be folders it does not know of. */
  readonly isNew: boolean;
  readonly #database: Database;

  constructor({ database, isNew }: OpenedDatabase) {
    this.isNew = isNew;
    this.#database = database;
    this.runs = new RunRows(database);
    this.runViews = new RunViews(database);
    this.audit = new AuditRows(database);
    this.outbox = new OutboxRows(database);
    this.shared = new SharedRows(database);
    this.syncState = new SyncStateRows(database);
    this.settings = new SettingRows(database);
    this.shelf = new ShelfRows(database);
    this.tokens = new TokenRows(database);
    this.answers = new AnswerRows(database);
    this.versions = new VersionRows(database);
    this.tags = new TagRows(database);
    this.planned = new PlannedVersionRows(database);
    this.benchmarks = new BenchmarkRows(database);
    this.scores = new ScoreRows(database);
    this.targets = new TargetRows(database);
    this.deployments = new DeploymentRows(database);
    this.servings = new ServingRows(database);
    this.gates = new GateRows(database);
    this.schedules = new ScheduleRows(database);
    this.hana = new HanaRows(database);
  }

  /** For what a power cut may take, since a run folder keeps it: see `Database`. */
  unflushedTransaction<Result>(act: () => Result): Result {
    return this.#database.unflushedTransaction(act);
  }

  transaction<Result>(act: () => Result): Result {
    return this.#database.transaction(act);
  }

  backup(path: string): Promise<void> {
    return this.#database.backup(path);
  }

  /** Takes over what can be read of a damaged database; its rows do not push out those that are here. */
  salvage(path: string, log: Logger): Salvaged {
    return salvage(path, this.#database, log);
  }

  close(): void {
    this.#database.close();
  }
}

export const openStore = (path: string, log: Logger): Store => new Store(openDatabase(path, log));

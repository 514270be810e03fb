/** Deployments with their steps, and the requests that were made to look how they do. */
import { z } from 'zod';
import { Deployment, DeploymentSample, deploymentIsActive, DeploymentStep, type DeploymentState } from '../../shared/domain/deployment.ts';
import { DeploymentConfig } from '../../shared/domain/deployment-config.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Database, Params, Row, SqlValue } from './database.ts';
import { RolloutPlan } from './rollout-plan.ts';
import { json, parseRow, toJson } from './rows.ts';

export const StoredDeployment = Deployment.extend({ config: DeploymentConfig, plan: RolloutPlan, seen: z.iso.datetime() });
export type StoredDeployment = z.infer<typeof StoredDeployment>;
export type NewDeployment = Omit<StoredDeployment, 'revision'>;
export type DeploymentUpdate = Partial<Pick<StoredDeployment, 'state' | 'traffic' | 'question' | 'ended' | 'error' | 'plan' | 'previous' | 'seen'>>;

export interface DeploymentFilter {
  readonly target: string | null;
  readonly alias: string | null;
  readonly name: string | null;
  readonly state: readonly DeploymentState[] | null;
  readonly limit: number;
  /** `next` of the page before. */
  readonly after: string | null;
}

export class DeploymentRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Throws DEPLOYMENT_BUSY. */
  insert(deployment: NewDeployment, steps: readonly DeploymentStep[]): void {
    const { target, alias } = deployment;
    this.#requireFree(deployment);
    const { deployment: id, name, version, environment, served_as, strategy, state, traffic, question, created, ended, seen } = deployment;
    this.#database
      .prepare(
        `INSERT INTO deployments (deployment, name, version, target, environment, alias, served_as, strategy, state, active, traffic, question, created, ended,
           actor, config, plan, previous, error, seen)
         VALUES ($id, $name, $version, $target, $environment, $alias, $served_as, $strategy, $state, $active, $traffic, $question, $created, $ended,
           $actor, $config, $plan, $previous, $error, $seen)`,
      )
      .run({
        ...{ id, name, version, target, environment, alias, served_as, strategy, state, traffic, question, created, ended, seen },
        active: Number(deploymentIsActive(state)),
        ...jsonColumns(deployment),
      });
    for (const step of steps) this.putStep(id, step);
  }

  find(id: string): StoredDeployment | null {
    const row = this.#database.prepare('SELECT * FROM deployments WHERE deployment = $id').get({ id });
    return row === undefined ? null : stored(row);
  }

  /** Oldest first. */
  all(): readonly StoredDeployment[] {
    return this.#database.prepare('SELECT * FROM deployments ORDER BY created, deployment').all().map(stored);
  }

  /** Throws DEPLOYMENT_UNKNOWN. */
  get(id: string): StoredDeployment {
    const found = this.find(id);
    if (found === null) throw new AppError('DEPLOYMENT_UNKNOWN', { deployment: id });
    return found;
  }

  /** Throws DEPLOYMENT_BUSY where it would become active beside another one. */
  update(id: string, changes: DeploymentUpdate): StoredDeployment {
    const next = { ...this.get(id), ...changes };
    if (deploymentIsActive(next.state)) this.#requireFree(next);
    const { state, traffic, question, ended, seen } = next;
    this.#database
      .prepare(
        `UPDATE deployments SET state = $state, active = $active, traffic = $traffic, question = $question, ended = $ended, plan = $plan, previous = $previous,
           error = $error, seen = $seen, revision = revision + 1 WHERE deployment = $id`,
      )
      .run({ id, state, traffic, question, ended, seen, active: Number(deploymentIsActive(state)), ...changeable(jsonColumns(next)) });
    return this.get(id);
  }

  /** It is known to go on at this moment. */
  seen(id: string, at: string): void {
    this.#database.prepare('UPDATE deployments SET seen = $at WHERE deployment = $id').run({ id, at });
  }

  active(): readonly StoredDeployment[] {
    return this.#database.prepare('SELECT * FROM deployments WHERE active = 1 ORDER BY created').all().map(stored);
  }

  /** Of a target, or of one alias there, the newest first; whatever became of them. */
  of(target: string, alias: string | null = null): readonly StoredDeployment[] {
    return this.#database
      .prepare('SELECT * FROM deployments WHERE target = $target AND ($alias IS NULL OR alias = $alias) ORDER BY created DESC, rowid DESC')
      .all({ target, alias })
      .map(stored);
  }

  /** Steps that are left when their deployment is done. */
  openRetirements(): readonly { readonly deployment: StoredDeployment; readonly step: DeploymentStep }[] {
    return this.#database
      .prepare(
        `SELECT s.* FROM deployment_steps s JOIN deployments d ON d.deployment = s.deployment
         WHERE s.kind = 'retire' AND s.state = 'waiting' AND d.state = 'done' ORDER BY d.created, s.position`,
      )
      .all()
      .map((row) => ({ deployment: this.get(String(row['deployment'])), step: step(row) }));
  }

  /** Whether a deployment brought a model of this name somewhere. */
  isOwn(servedAs: string): boolean {
    return this.#database.prepare('SELECT 1 FROM deployments WHERE served_as = $servedAs LIMIT 1').get({ servedAs }) !== undefined;
  }

  /** Of a version, the newest first. */
  ofVersion(name: string, version: string): readonly StoredDeployment[] {
    return this.#database
      .prepare('SELECT * FROM deployments WHERE name = $name AND version = $version ORDER BY created DESC, rowid DESC')
      .all({ name, version })
      .map(stored);
  }

  /** The newest first; those of the same moment in the order in which they came. */
  list(filter: DeploymentFilter): { readonly deployments: readonly Deployment[]; readonly next: string | null } {
    const { sql, params } = listQuery(filter);
    const rows = this.#database.prepare(sql).all(params);
    const page = rows.slice(0, filter.limit);
    const last = page.at(-1);
    const next = rows.length > filter.limit && last !== undefined ? `${String(last['place'])}-${String(last['created'])}` : null;
    return { deployments: page.map(shown), next };
  }

  steps(id: string): readonly DeploymentStep[] {
    return this.#database.prepare('SELECT * FROM deployment_steps WHERE deployment = $id ORDER BY position').all({ id }).map(step);
  }

  putStep(id: string, { position, kind, server, words, calls, traffic, state, started, ended, evidence, problem }: DeploymentStep): void {
    this.#database
      .prepare(
        `INSERT INTO deployment_steps (deployment, position, kind, server, words, calls, traffic, state, started, ended, evidence, problem)
         VALUES ($id, $position, $kind, $server, $words, $calls, $traffic, $state, $started, $ended, $evidence, $problem)
         ON CONFLICT DO UPDATE SET words = excluded.words, state = excluded.state, started = excluded.started, ended = excluded.ended,
           evidence = excluded.evidence, problem = excluded.problem`,
      )
      .run({
        ...{ id, position, kind, server, words, traffic, state, started, ended, problem },
        calls: JSON.stringify(calls),
        evidence: JSON.stringify(evidence),
      });
  }

  addSamples(id: string, samples: readonly DeploymentSample[]): void {
    const statement = this.#database.prepare(
      `INSERT INTO deployment_samples (deployment, at, server, side, ok, first_ms, total_ms, problem)
       VALUES ($id, $at, $server, $side, $ok, $first_ms, $total_ms, $problem)`,
    );
    for (const { ok, ...sample } of samples) statement.run({ id, ...sample, ok: Number(ok) });
  }

  /** The newest so many, in the order of time. */
  samples(id: string, limit: number): readonly DeploymentSample[] {
    return this.#database
      .prepare('SELECT * FROM (SELECT * FROM deployment_samples WHERE deployment = $id ORDER BY entry DESC LIMIT $limit) ORDER BY entry')
      .all({ id, limit })
      .map((row) => parseRow(DeploymentSample, { ...row, ok: row['ok'] === 1 }, { table: 'deployment_samples', id: String(row['entry']) }));
  }

  #requireFree({ deployment, target, alias, state }: Pick<Deployment, 'deployment' | 'target' | 'alias' | 'state'>): void {
    if (!deploymentIsActive(state)) return;
    const other = this.#database
      .prepare('SELECT deployment FROM deployments WHERE target = $target AND alias = $alias AND active = 1 AND deployment <> $deployment')
      .get({ target, alias, deployment });
    if (other !== undefined) throw new AppError('DEPLOYMENT_BUSY', { deployment: String(other['deployment']), alias, target });
  }
}

/** Only what is asked for stands in the statement, so that each kind of question can use its own index. */
function listQuery({ target, alias, name, state, limit, after }: DeploymentFilter): { readonly sql: string; readonly params: Params } {
  const params: Record<string, SqlValue> = { limit: limit + 1 };
  const conditions: string[] = [];
  const ask = (condition: string, values: Params): void => {
    conditions.push(condition);
    Object.assign(params, values);
  };
  if (target !== null) ask('target = $target', { target });
  if (alias !== null) ask('alias = $alias', { alias });
  if (name !== null) ask('name = $name', { name });
  if (state !== null) ask('state IN (SELECT value FROM json_each($states))', { states: JSON.stringify(state) });
  if (after !== null) {
    const [place = '', ...created] = after.split('-');
    ask('(created, rowid) < ($afterCreated, $afterPlace)', { afterCreated: created.join('-'), afterPlace: Number(place) });
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return { sql: `SELECT *, rowid AS place FROM deployments ${where} ORDER BY created DESC, rowid DESC LIMIT $limit`, params };
}

const jsonColumns = ({ actor, config, plan, previous, error }: NewDeployment) => ({
  actor: JSON.stringify(actor),
  config: JSON.stringify(config),
  plan: JSON.stringify(plan),
  previous: JSON.stringify(previous),
  error: toJson(error),
});
const changeable = ({ plan, previous, error }: ReturnType<typeof jsonColumns>) => ({ plan, previous, error });

const where = (row: Row) => ({ table: 'deployments', id: String(row['deployment']) });
const parsed = (row: Row): Record<string, unknown> => ({ ...row, actor: json(row['actor']), previous: json(row['previous']), error: json(row['error']) });
const shown = (row: Row): Deployment => parseRow(Deployment, parsed(row), where(row));
const stored = (row: Row): StoredDeployment => parseRow(StoredDeployment, { ...parsed(row), config: json(row['config']), plan: json(row['plan']) }, where(row));
const step = (row: Row): DeploymentStep =>
  parseRow(
    DeploymentStep,
    { ...row, calls: json(row['calls']), evidence: json(row['evidence']) },
    { table: 'deployment_steps', id: `${String(row['deployment'])} ${String(row['position'])}` },
  );

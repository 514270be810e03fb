/** What can be done with model versions. Whoever asks, through whichever door, comes here. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { OutputOf, ParsedInputOf } from '../../../shared/contracts/calls.ts';
import type { Comparison, Lineage, VersionDetails } from '../../../shared/contracts/registry-calls.ts';
import type { Actor } from '../../../shared/domain/actor.ts';
import type { GateVerdict, KeptVerdict } from '../../../shared/domain/gate-verdict.ts';
import { isAllowed } from '../../../shared/domain/role.ts';
import { latest, type VersionKey } from '../../../shared/domain/version.ts';
import { versionFiles, type Evaluation, type Metrics, type VersionRecord } from '../../../shared/domain/version-record.ts';
import { mayBecome, roleFor } from '../../../shared/domain/version-state.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { hashFile } from '../../platform/atomic-files.ts';
import type { Paths } from '../../platform/paths.ts';
import type { Store } from '../../store/store.ts';
import type { StoredVersion } from '../../store/version-rows.ts';
import type { Caller } from '../caller.ts';
import type { ComputeJobs } from '../compute-jobs.ts';
import type { Shelves } from '../shelves.ts';
import { lookIntoAdapter } from './adapter-import.ts';
import { changedArtifacts, prepareFolder, requireUnchanged, type Content } from './artifacts.ts';
import { compareVersions, type Compared } from './compare-versions.ts';
import { exportVersion } from './export-version.ts';
import { renderModelCard } from './model-card.ts';
import { nextVersion } from './next-version.ts';
import { modelName } from './source-name.ts';
import type { SharedArtifacts } from './shared-artifacts.ts';
import { textArtifact } from './text-artifact.ts';
import type { VersionBook } from './version-book.ts';
import { versionYaml } from './version-folder.ts';
import { versionFromRun, type Origins, type VersionSourceFiles } from './version-from-run.ts';
import { versionLineage } from './version-lineage.ts';
import { scoreFields, scoresOfVersion, scoresSection, type VersionScore } from './version-scores.ts';
import packageJson from '../../../package.json' with { type: 'json' };

export interface RegistryParts {
  readonly paths: Paths;
  readonly store: Store;
  readonly shelves: Shelves;
  readonly compute: ComputeJobs;
  readonly book: VersionBook;
  /** What the gate says of a version. */
  readonly judge: (version: StoredVersion) => Promise<GateVerdict>;
  readonly artifacts: SharedArtifacts;
}

type Registration = ParsedInputOf<'registry.register'>;
type Words = Pick<Registration, 'name' | 'version' | 'description' | 'tags' | 'metadata'>;

/** How many versions a graph of a whole name shows at most. */
const graphVersions = 200;

export class Registry {
  readonly #parts: RegistryParts;
  /** Numbers whose folders are being written. */
  readonly #making = new Set<string>();

  constructor(parts: RegistryParts) {
    this.#parts = parts;
  }

  async register(input: Registration, caller: Pick<Caller, 'actor'>): Promise<VersionDetails> {
    const { paths, store } = this.#parts;
    const { run, base, parameters, metrics, evaluation } = input;
    const source = run === null ? note(base ?? baseIn(input.metadata)) : versionFromRun(store.runs.get(run), paths);
    const scored = evaluation === null ? null : await withHash(evaluation);
    const origins: Origins = {
      ...source.origins,
      parameters: { ...source.origins.parameters, ...parameters },
      metrics: { ...source.origins.metrics, ...(scored === null ? {} : scoreMetrics(scored)), ...metrics },
    };
    return this.#make(input, { source: { ...source, origins }, evaluation: scored, check: () => undefined }, caller);
  }

  /** With nothing added to what the run tells. */
  registerRun(words: Words & { readonly run: string }, actor: Actor): Promise<VersionDetails> {
    const nothing = { parameters: {}, metrics: {}, evaluation: null, base: null };
    return this.register({ ...words, ...nothing }, { actor });
  }

  async import({ path, model: base, parameters, metrics, ...words }: ParsedInputOf<'registry.import'>, caller: Caller): Promise<VersionDetails> {
    const { compute, shelves, paths } = this.#parts;
    const model = base === null ? null : shelves.model(base);
    const { requireSame, ...source } = await lookIntoAdapter({ path: resolve(path), base: model }, { compute, nameOf: (of) => modelName(of, paths) });
    const origins = { ...source.origins, parameters: { ...source.origins.parameters, ...parameters }, metrics };
    return this.#make(words, { source: { ...source, origins }, evaluation: null, check: requireSame }, caller, 'registry.import');
  }

  list(filter: ParsedInputOf<'registry.list'>): OutputOf<'registry.list'> {
    const { store, book } = this.#parts;
    const { versions, next } = store.versions.list(filter);
    return { versions: versions.map((version) => ({ ...version, base_model: book.withShelfName(version.base_model) })), next };
  }

  get(key: VersionKey): VersionDetails {
    return this.#parts.book.details(this.find(key));
  }

  /** Throws VERSION_UNKNOWN, ARTIFACT_CHANGED. */
  async card(key: VersionKey): Promise<OutputOf<'registry.card'>> {
    const { dir, record } = this.find(key);
    const card = record.artifacts.filter(({ path }) => path === versionFiles.card);
    await requireUnchanged(dir, { ...record, artifacts: card });
    return { markdown: readFileSync(join(dir, versionFiles.card), 'utf8') + scoresSection(this.#scores(record)) };
  }

  /** By number, by tag, or the latest. Throws VERSION_UNKNOWN. */
  find({ name, version }: VersionKey): StoredVersion {
    const { versions, tags } = this.#parts.store;
    const number = version === latest ? null : (tags.versionOf(name, version) ?? version);
    const found = number === null ? versions.latest(name) : versions.find({ name, version: number });
    if (found === null) throw new AppError('VERSION_UNKNOWN', { name, version });
    return found;
  }

  /** As `find`, with its files where they can be brought. */
  async findHere(key: VersionKey): Promise<StoredVersion> {
    const found = this.find(key);
    await this.#parts.artifacts.bring(found);
    return found;
  }

  /** Throws VERSION_UNKNOWN, ARTIFACT_FOLDER_MISSING, ARTIFACT_CHANGED. */
  async fetch(key: VersionKey): Promise<OutputOf<'registry.fetch'>> {
    const found = this.find(key);
    return { name: found.name, version: found.version, files: await this.#parts.artifacts.fetch(found) };
  }

  #scores(key: Pick<VersionRecord, 'name' | 'version'>): readonly VersionScore[] {
    return scoresOfVersion(this.#parts.store, key);
  }

  next({ name, change }: ParsedInputOf<'registry.next'>): OutputOf<'registry.next'> {
    const highest = this.#parts.store.versions.highest(name);
    const making = [...this.#making].filter((each) => each.startsWith(`${name}@`)).map((each) => each.slice(name.length + 1));
    return { name, version: nextVersion(highest === null ? making : [highest, ...making], change) };
  }

  update({ name, version, description, metadata }: ParsedInputOf<'registry.update'>, { actor, revision }: Caller): VersionDetails {
    const { book } = this.#parts;
    const words = { ...(description === undefined ? {} : { description }), ...(metadata === undefined ? {} : { metadata }) };
    return book.details(book.setWords(this.find({ name, version }), words, { actor, revision, action: 'registry.update' }));
  }

  /** Throws ROLE_MISSING, VERSION_STATE, VERSION_EMPTY, ARTIFACT_CHANGED, GATE_REFUSED. */
  async setState(input: ParsedInputOf<'registry.setState'>, { actor, role, revision }: Caller): Promise<VersionDetails> {
    const { book } = this.#parts;
    const { name, version, state, reason } = input;
    const needs = roleFor(state);
    if (!isAllowed(role, needs)) throw new AppError('ROLE_MISSING', { action: `registry.setState to ${state}`, needs, has: role });
    const found = this.find({ name, version });
    if (state === 'approved') {
      if (found.record.kind === 'note') throw new AppError('VERSION_EMPTY', { name, version: found.version });
      await this.#parts.artifacts.bring(found);
      await requireUnchanged(found.dir, found.record);
    }
    const gate = state === 'approved' && mayBecome(found.state, state) ? await this.#passGate(found, input.against_gate) : null;
    return book.details(book.setState(found, state, { actor, revision, action: 'registry.setState', reason, gate }));
  }

  /** null: no rules are set. Throws GATE_REFUSED. */
  async #passGate(found: StoredVersion, isAgainst: boolean): Promise<KeptVerdict | null> {
    const judged = await this.#parts.judge(found);
    const { name, version, verdict, rules } = judged;
    if (verdict === null || verdict === 'pass') return verdict === null ? null : { ...judged, against: false };
    const problem = rules.filter((rule) => rule.verdict !== 'pass').map(({ rule, words }) => `${rule}: ${words}`);
    if (!isAgainst) throw new AppError('GATE_REFUSED', { name, version, verdict, problem: problem.join(' | ') });
    return { ...judged, against: true };
  }

  tag({ name, version, tag, reason }: ParsedInputOf<'registry.tag'>, { actor, revision }: Caller): VersionDetails {
    const { book } = this.#parts;
    return book.details(book.tag(this.find({ name, version }), tag, { actor, revision, action: 'registry.tag', reason }));
  }

  untag({ name, tag, reason }: ParsedInputOf<'registry.untag'>, { actor }: Caller): VersionDetails {
    const { book } = this.#parts;
    return book.details(book.untag(name, tag, { actor, action: 'registry.untag', reason }));
  }

  history({ name, tag }: ParsedInputOf<'registry.history'>): OutputOf<'registry.history'> {
    const { tags } = this.#parts.store;
    return { name, tags: { ...tags.of(name) }, history: tags.tagHistory(name, tag) };
  }

  compare({ model1, model2 }: ParsedInputOf<'registry.compare'>): Comparison {
    const { book } = this.#parts;
    const [one, two] = [this.find(model1), this.find(model2)].map(({ state, record }) => ({
      state,
      scores: scoreFields(this.#scores(record)),
      record: { ...record, base_model: book.withShelfName(record.base_model) },
    })) as [Compared, Compared];
    return compareVersions(one, two);
  }

  lineage({ name, version }: ParsedInputOf<'registry.lineage'>): Lineage {
    const { store, paths } = this.#parts;
    const versions = version === null ? store.versions.ofName(name, graphVersions) : [this.find({ name, version })];
    if (versions.length === 0) throw new AppError('VERSION_UNKNOWN', { name, version: latest });
    return versionLineage(versions, { store, paths, folder: paths.registry });
  }

  async verify(key: VersionKey): Promise<OutputOf<'registry.verify'>> {
    const { name, version, dir, record } = this.find(key);
    const changed = await changedArtifacts(dir, record.artifacts);
    return { name, version, artifacts: record.artifacts.length, changed: changed.map(({ path, problem }) => `${path}: ${problem}`) };
  }

  async export({ name, version, dir, force }: ParsedInputOf<'registry.export'>): Promise<OutputOf<'registry.export'>> {
    const found = await this.findHere({ name, version });
    const path = resolve(dir);
    return { name, version: found.version, path, files: await exportVersion(found, path, { force, section: scoresSection(this.#scores(found)) }) };
  }

  remove(key: VersionKey, { actor, revision }: Caller): null {
    this.#parts.book.remove(this.find(key), { actor, revision, action: 'registry.remove' });
    return null;
  }

  /** Throws VERSION_TAKEN. */
  async #make(words: Words, making: Making, { actor }: Pick<Caller, 'actor'>, action = 'registry.register'): Promise<VersionDetails> {
    const { book } = this.#parts;
    const { name } = words;
    const version = words.version ?? this.next({ name, change: 'patch' }).version;
    const key = `${name}@${version}`;
    const target = join(book.folderOf(name), version);
    if (this.#making.has(key) || existsSync(target) || this.#parts.store.versions.has({ name, version }))
      throw new AppError('VERSION_TAKEN', { name, version });
    this.#making.add(key);
    try {
      const created = book.time();
      const { description, metadata, tags } = words;
      const { origins, contents } = making.source;
      const { evaluation } = making;
      const folder = await prepareFolder(target, [...contents, ...evaluationFile(evaluation)]);
      try {
        making.check(folder.artifacts);
        const about = { name, version, description, metadata, created, created_by: actor, lathe: packageJson.version, evaluation };
        const bare: VersionRecord = { ...about, ...origins, artifacts: folder.artifacts };
        const card = renderModelCard(bare);
        const record = { ...bare, artifacts: [...folder.artifacts, textArtifact(versionFiles.card, card)] };
        const first = { state: 'draft', previous: null, at: created, actor, reason: null, gate: null } as const;
        await folder.write(versionFiles.card, card);
        await folder.write(versionFiles.record, versionYaml({ ...record, states: [first] }));
        return book.details(book.add(record, { folder, first, tags }, { actor, action }));
      } catch (error) {
        folder.discard();
        throw error;
      }
    } finally {
      this.#making.delete(key);
    }
  }
}

interface Making {
  readonly source: VersionSourceFiles;
  readonly evaluation: Evaluation | null;
  /** Of what was copied. */
  readonly check: (artifacts: VersionRecord['artifacts']) => void;
}

const evaluationFile = (evaluation: Evaluation | null): readonly Content[] =>
  evaluation === null ? [] : [{ name: versionFiles.evaluation, text: `${JSON.stringify(evaluation, null, 2)}\n` }];

/** On a model that is elsewhere: everything known of it is what the caller says. */
const note = (base: string | null): VersionSourceFiles => ({
  origins: {
    kind: 'note',
    origin: 'note',
    run: null,
    base_model: { name: base ?? 'unknown', path: null, sha256: null },
    dataset: null,
    lineage: [],
    parameters: {},
    metrics: {},
  },
  contents: [],
});

const baseIn = ({ base_model: base }: Registration['metadata']): string | null => (typeof base === 'string' && base !== '' ? base : null);

async function withHash(evaluation: Evaluation): Promise<Evaluation> {
  const { data } = evaluation;
  if (data.sha256 !== null || data.path === null || !existsSync(data.path)) return evaluation;
  return { ...evaluation, data: { ...data, sha256: (await hashFile(data.path)).sha256 } };
}

function scoreMetrics({ before, after }: Evaluation): Metrics {
  const named = (prefix: string, scores: Evaluation['before']): (readonly [string, number])[] =>
    (['loss', 'perplexity', 'exact_match'] as const).flatMap((key) => {
      const value = scores?.[key] ?? null;
      return value === null ? [] : [[`${prefix}_${key}`, value] as const];
    });
  return Object.fromEntries([...named('test', after), ...named('base_test', before)]);
}

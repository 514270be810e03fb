/** `lathe registry …`: model versions of this LATHE_HOME. */
import { Command, Option } from 'commander';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { InputOf } from '../../../shared/contracts/calls.ts';
import { MetricBound } from '../../../shared/contracts/registry-calls.ts';
import { parseVersionText } from '../../../shared/domain/version.ts';
import { Evaluation, Metadata } from '../../../shared/domain/version-record.ts';
import { versionStates, type VersionState } from '../../../shared/domain/version-state.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Door } from '../../core/door.ts';
import { fileFailure } from '../../platform/file-failure.ts';
import type { Host } from '../host.ts';
import type { HostSource } from '../host-source.ts';
import { keptVerdictLines } from '../output/gate-text.ts';
import { comparisonLines, historyLines, lineageLines, listLines, versionLines } from '../output/registry-text.ts';
import { findRun } from './train.ts';

const reference = '<name@version>';
const referenceHelp = 'a number, a tag, or the latest: support@1.2.0, support@production, support';

export function registryCommand(host: HostSource): Command {
  const command = new Command('registry').description('model versions: list, show, register, tag, approve, compare, import and export');
  const add = (name: string, text: string): Command => {
    const sub = new Command(name).description(text);
    command.addCommand(sub);
    return sub;
  };
  const about = (name: string, text: string): Command => add(name, text).argument(reference, referenceHelp);
  const list = add('list', 'versions, by name and the highest first')
    .argument('[name]', 'what the name begins with')
    .addOption(new Option('--tag <tag>', 'with this tag; again for another').argParser(collect).default([]))
    .addOption(new Option('--metric <bound>', 'for example "loss<1.5"; again for another').argParser(collect).default([]))
    .addOption(new Option('--state <state>', 'in this state').choices(versionStates))
    .option('--base <name-or-hash>', 'of this base model')
    .option('--run <run>', 'made by this run')
    .option('--text <text>', 'with this in name, description, base, data or metadata');
  list.action((name: string | undefined, options: ListOptions) => showList(host(), name, options));
  about('show', 'one version: state, figures, origins, files').action((text: string) => show(host(), text));
  about('history', "where a name's tags have been").action((text: string) => history(host(), text));
  about('lineage', 'what it was made from').action((text: string) => lineage(host(), text));
  add('compare', 'two versions field by field')
    .argument('<one>', referenceHelp)
    .argument('<other>', referenceHelp)
    .action((one: string, other: string) => compare(host(), one, other));
  wordFlags(add('register', 'make a version of a run that is done'))
    .requiredOption('--run <run>', 'its id or folder')
    .option('--evaluation <file>', 'scores of rows not trained on, as a version keeps them (JSON)')
    .action((name: string, options: WordOptions & { run: string; evaluation?: string }) => register(host(), name, options));
  wordFlags(add('import', 'make a version of an adapter from elsewhere'))
    .requiredOption('--adapter <path>', 'a PEFT folder or a GGUF adapter')
    .option('--model <path-or-name>', 'its base model, whose hash is then known')
    .action((name: string, options: WordOptions & { adapter: string; model?: string }) => importAdapter(host(), name, options));
  about('describe', 'change the words of a version that is not approved')
    .option('--description <text>', 'what it is')
    .option('--metadata <json>', 'anything else, as a JSON object')
    .action((text: string, options: WordOptions) => describe(host(), text, options));
  about('propose', 'a draft becomes a candidate')
    .option(...reasonFlag)
    .action((text: string, o: Reason) => setState(host(), text, 'candidate', o));
  about('approve', 'a candidate is let out; it can no longer change')
    .requiredOption(...reasonFlag)
    .option('--against-gate', 'although the rules of its gate (`lathe gate show`) are not met')
    .action((text: string, o: Reason & { againstGate?: boolean }) => setState(host(), text, 'approved', o));
  about('retire', 'it is to be used no more')
    .option(...reasonFlag)
    .action((text: string, o: Reason) => setState(host(), text, 'retired', o));
  about('tag', 'put a tag on it, from wherever the tag is')
    .argument('<tag>')
    .option(...reasonFlag)
    .action((text: string, tag: string, o: Reason) => changeTag(host(), 'registry.tag', { ...parseVersionText(text), tag, ...o }));
  add('untag', 'take a tag away')
    .argument('<name>')
    .argument('<tag>')
    .option(...reasonFlag)
    .action((name: string, tag: string, o: Reason) => untag(host(), { name: parseVersionText(name).name, tag, ...o }));
  about('verify', 'hash its files again').action((text: string) => verify(host(), text));
  about('fetch', 'bring its files from the folder that the HANA connection names').action((text: string) => fetchFiles(host(), text));
  about('export', 'a folder for PEFT and the hub: adapter, card, evaluation')
    .requiredOption('--to <dir>', 'where to')
    .option('--force', 'write among what lies there')
    .action((text: string, options: { to: string; force?: boolean }) => exportTo(host(), text, options));
  about('remove', 'delete a draft').action((text: string) => remove(host(), text));
  return command;
}

const reasonFlag = ['--reason <text>', 'why; kept with who and when'] as const;
interface Reason {
  readonly reason?: string;
}

interface WordOptions {
  readonly number?: string;
  readonly description?: string;
  readonly tag?: string[];
  readonly metadata?: string;
}

interface ListOptions {
  readonly tag: string[];
  readonly metric: string[];
  readonly state?: VersionState;
  readonly base?: string;
  readonly run?: string;
  readonly text?: string;
}

const collect = (value: string, earlier: string[]): string[] => [...earlier, value];

const wordFlags = (command: Command): Command =>
  command
    .argument('<name>', 'a new name, or one that has versions')
    .option('--number <version>', 'its number (default: the next one)')
    .option('--description <text>', 'what it is')
    .addOption(new Option('--tag <tag>', 'put this tag on it; again for another').argParser(collect).default([]))
    .option('--metadata <json>', 'anything else, as a JSON object');

/** Opens the door for one question. */
async function through<Result>(host: Host, ask: (door: Door) => Promise<Result>, work: 'question' | 'training' = 'question'): Promise<Result> {
  const door = await host.openDoor(work);
  try {
    return await ask(door);
  } finally {
    await door.close();
  }
}

async function showList(host: Host, name: string | undefined, options: ListOptions): Promise<void> {
  const { tag: tags, metric, state, base, run, text } = options;
  const filter: InputOf<'registry.list'> = {
    ...{ tags, metrics: metric.map(parseBound), limit: 1_000 },
    ...{ name: name ?? null, state: state === undefined ? null : [state], base: base ?? null, run: run ?? null, text: text ?? null },
  };
  const page = await through(host, (door) => door.call('registry.list', filter));
  host.reporter.done(page, listLines(page));
}

/** `loss<1.5` */
function parseBound(text: string): MetricBound {
  const [, metric, is, value] = /^\s*([\w.]+)\s*(<=|>=|<|>)\s*(\S+)\s*$/.exec(text) ?? [];
  const parsed = MetricBound.safeParse({ metric, is, value: Number(value) });
  if (!parsed.success) throw new AppError('USAGE', { problem: `--metric ${text} is no bound`, hint: 'Write it so: --metric "loss<1.5".' });
  return parsed.data;
}

async function show(host: Host, text: string): Promise<void> {
  const details = await through(host, (door) => door.call('registry.get', parseVersionText(text)));
  host.reporter.done(details, versionLines(details));
}

async function history(host: Host, text: string): Promise<void> {
  const found = await through(host, (door) => door.call('registry.history', { name: parseVersionText(text).name }));
  host.reporter.done(found, historyLines(found));
}

async function lineage(host: Host, text: string): Promise<void> {
  const graph = await through(host, (door) => door.call('registry.lineage', parseVersionText(text)));
  host.reporter.done(graph, lineageLines(graph));
}

async function compare(host: Host, one: string, other: string): Promise<void> {
  const comparison = await through(host, (door) => door.call('registry.compare', { model1: parseVersionText(one), model2: parseVersionText(other) }));
  host.reporter.done(comparison, comparisonLines(comparison));
}

async function register(host: Host, name: string, { run, evaluation, ...words }: WordOptions & { run: string; evaluation?: string }): Promise<void> {
  const scores = evaluation === undefined ? null : readJson(evaluation, Evaluation);
  const details = await through(host, async (door) =>
    door.call('registry.register', { ...wordsOf(name, words), run: (await findRun(door, run)).run, evaluation: scores }),
  );
  host.reporter.done(details, [`Registered ${details.name}@${details.version} (${details.state}).`, ...versionLines(details)]);
}

async function importAdapter(host: Host, name: string, { adapter, model, ...words }: WordOptions & { adapter: string; model?: string }): Promise<void> {
  const base = model === undefined ? null : host.shelves.model(model);
  const details = await through(host, (door) => door.call('registry.import', { ...wordsOf(name, words), path: resolve(adapter), model: base }));
  host.reporter.done(details, [`Imported ${details.name}@${details.version} (${details.state}).`, ...versionLines(details)]);
}

const wordsOf = (name: string, { number, description, tag = [], metadata }: WordOptions) => ({
  name,
  version: number ?? null,
  description: description ?? '',
  tags: tag,
  metadata: metadata === undefined ? {} : parseJson(metadata, '--metadata', Metadata),
});

async function describe(host: Host, text: string, { description, metadata }: WordOptions): Promise<void> {
  const words = {
    ...(description === undefined ? {} : { description }),
    ...(metadata === undefined ? {} : { metadata: parseJson(metadata, '--metadata', Metadata) }),
  };
  const details = await through(host, (door) => door.call('registry.update', { ...parseVersionText(text), ...words }));
  host.reporter.done(details, versionLines(details));
}

async function setState(host: Host, text: string, state: VersionState, { reason, againstGate = false }: Reason & { againstGate?: boolean }): Promise<void> {
  const input = { ...parseVersionText(text), state, reason: reason ?? null, against_gate: againstGate };
  const details = await through(host, (door) => door.call('registry.setState', input));
  const gate = details.states.at(-1)?.gate ?? null;
  host.reporter.done(details, [`${details.name}@${details.version} is ${details.state}.`, ...(gate === null ? [] : keptVerdictLines(gate))]);
}

async function changeTag(host: Host, name: 'registry.tag', input: InputOf<'registry.tag'>): Promise<void> {
  const details = await through(host, (door) => door.call(name, input));
  host.reporter.done(details, [`${input.tag} is on ${details.name}@${details.version}.`]);
}

async function untag(host: Host, input: InputOf<'registry.untag'>): Promise<void> {
  const details = await through(host, (door) => door.call('registry.untag', input));
  host.reporter.done(details, [`${input.tag} is no longer on ${details.name}@${details.version}.`]);
}

async function fetchFiles(host: Host, text: string): Promise<void> {
  const found = await through(host, (door) => door.call('registry.fetch', parseVersionText(text)));
  const { name, version, files } = found;
  host.reporter.done(found, [
    files === 0 ? `The files of ${name}@${version} are here.` : `${files} files of ${name}@${version} were brought, and are what was registered.`,
  ]);
}

async function verify(host: Host, text: string): Promise<void> {
  const found = await through(host, (door) => door.call('registry.verify', parseVersionText(text)));
  const [first] = found.changed;
  const { name, version } = found;
  if (first !== undefined) {
    const [path = '', problem = ''] = first.split(': ');
    throw new AppError('ARTIFACT_CHANGED', { name, version, path, problem });
  }
  host.reporter.done(found, [`The ${found.artifacts} files of ${name}@${version} are as they were registered.`]);
}

async function exportTo(host: Host, text: string, { to, force }: { to: string; force?: boolean }): Promise<void> {
  const written = await through(host, (door) => door.call('registry.export', { ...parseVersionText(text), dir: resolve(to), force: force === true }));
  host.reporter.done(written, [`Wrote ${written.name}@${written.version} to ${written.path}: ${written.files.join(', ')}`]);
}

async function remove(host: Host, text: string): Promise<void> {
  const { name, version } = await through(host, async (door) => {
    const found = await door.call('registry.get', parseVersionText(text));
    await door.call('registry.remove', { name: found.name, version: found.version });
    return found;
  });
  host.reporter.done({ name, version }, [`${name}@${version} is removed.`]);
}

interface Schema<Value> {
  safeParse(
    value: unknown,
  ):
    | { readonly success: true; readonly data: Value }
    | { readonly success: false; readonly error: { readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] } };
}

function readJson<Value>(path: string, schema: Schema<Value>): Value {
  try {
    return parseJson(readFileSync(path, 'utf8'), path, schema);
  } catch (error) {
    throw fileFailure(error, { what: 'Evaluation', path, action: 'read' });
  }
}

function parseJson<Value>(text: string, where: string, schema: Schema<Value>): Value {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new AppError('USAGE', { problem: `${where} is no JSON`, hint: 'Write an object: \'{"team": "support"}\'.' });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError('INPUT_INVALID', { where: [where, ...(issue?.path ?? [])].map(String).join('.'), problem: issue?.message ?? '' });
}

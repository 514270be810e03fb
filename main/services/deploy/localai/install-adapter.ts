/** Puts an adapter's model on a server: the file first, then its configuration; where it fails nothing is left. */
import { stringify } from 'yaml';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { Artifact, Installed } from '../target-driver.ts';
import { adapterConfig, adapterFile, adapterPlace, fingerprintOf, originOf } from './adapter-config.ts';
import type { Job, WrittenConfig } from './answers.ts';
import { findBase } from './base-model.ts';
import { effectiveConfig, importConfig, patchConfig, replaceConfig, writtenConfig } from './config-calls.ts';
import { inWords, isSuccess, reasonOf, failureOf } from './failures.ts';
import type { Deliveries, Delivered } from './deliveries.ts';
import { cancelJob, jobProblem, startInstall, untilDone } from './job-calls.ts';
import { modelsFolder } from './models-folder.ts';
import type { RemoteServer } from './remote-server.ts';
import { deleteModel } from './remove-model.ts';
import { Silence } from './silence.ts';
import { hasRoute, isDistributed, modelNames } from './server-calls.ts';

type Stop = AbortSignal;

export interface InstallOrder {
  readonly artifact: Artifact;
  readonly baseConfig: string | null;
  readonly deliveries: Deliveries;
  readonly signal: Stop;
  readonly onProgress: (share: number) => void;
}

interface Prepared {
  readonly config: WrittenConfig;
  /** Below the models folder there. */
  readonly filename: string;
  /** Of the base, there. */
  readonly baseModel: string;
}

const namePattern = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/;
/** So long nobody needs to ask for a file that is offered. */
const silenceMs = 45_000;

/** Throws BASE_MISSING, ARTIFACT_NOT_FETCHED, MODEL_NAME_TAKEN. */
export async function installAdapter(remote: RemoteServer, order: InstallOrder): Promise<Installed> {
  const { artifact, signal } = order;
  await requireInstallable(remote, order);
  const before = await installed(remote, artifact.servedAs, signal);
  if (before !== null && before.adapterFile !== adapterFile(artifact))
    throw new AppError('MODEL_NAME_TAKEN', { server: remote.name, model: artifact.servedAs, problem: `it uses ${before.adapterFile ?? 'no adapter'}` });
  if (before === null || (await hasSource(remote, artifact.servedAs, signal))) await putThere(remote, order);
  await forgetSource(remote, artifact.servedAs, signal);
  const after = await installed(remote, artifact.servedAs, signal);
  if (after?.adapterFile === adapterFile(artifact)) return after;
  throw new AppError('ARTIFACT_NOT_FETCHED', {
    server: remote.name,
    problem: `it took the configuration, and shows ${after === null ? 'none' : 'another one'}`,
  });
}

/** Throws MODEL_NAME_TAKEN, REMOTE_FAILED. */
async function requireInstallable(remote: RemoteServer, { artifact, signal }: InstallOrder): Promise<void> {
  if (!namePattern.test(artifact.servedAs))
    throw new AppError('MODEL_NAME_TAKEN', {
      server: remote.name,
      model: artifact.servedAs,
      problem: 'a name may only have a-z, 0-9, dot, dash and underscore',
    });
  if ((await isDistributed(remote, signal)) === true)
    throw new AppError('REMOTE_FAILED', {
      server: remote.name,
      call: 'GET /api/features',
      problem: 'it spreads models over nodes, and loses adapters on the way',
    });
  if (!(await hasRoute(remote, '/models/jobs', signal)))
    throw new AppError('REMOTE_FAILED', { server: remote.name, call: 'GET /models/jobs', problem: 'its administration of models is switched off (404)' });
}

/** null: it is not there. */
export async function installed(remote: RemoteServer, model: string, signal: Stop): Promise<Installed | null> {
  if (!(await modelNames(remote, signal)).includes(model)) return null;
  const config = await writtenConfig(remote, model, signal);
  if (config === null) return null;
  const isUsed = (config.lora_base ?? '') !== '' && (config.lora_adapter ?? '') !== '';
  const origin = originOf(config);
  return {
    servedAs: model,
    fingerprint: fingerprintOf(config),
    adapterFile: isUsed ? (config.lora_adapter?.split('/').at(-1) ?? null) : null,
    label: origin?.label ?? null,
    correlation: origin?.correlation ?? null,
  };
}

async function putThere(remote: RemoteServer, order: InstallOrder): Promise<void> {
  const { artifact, signal, deliveries, baseConfig } = order;
  const base = await findBase(remote, artifact.base, { signal, named: baseConfig });
  const place = adapterPlace(artifact, base.file, deliveries.folder);
  const config = adapterConfig(artifact, { base, place, effective: await effectiveConfig(remote, base.model, signal) });
  const prepared = { config, filename: place.filename, baseModel: base.model };
  const delivered = await deliveries.open({ artifact, fileName: adapterFile(artifact), signal });
  try {
    const folder = await modelsFolder(remote, signal);
    if (folder === null) await byImport(remote, { order, prepared, delivered });
    else await byJob(remote, { order, prepared, delivered, folder });
  } finally {
    await delivered.close();
  }
}

interface Way {
  readonly order: InstallOrder;
  readonly prepared: Prepared;
  readonly delivered: Delivered;
}

const filesOf = ({ order: { artifact }, prepared, delivered }: Way) =>
  delivered.uri === null ? [] : [{ filename: prepared.filename, sha256: artifact.sha256.toLowerCase(), uri: delivered.uri }];

const notFetched = (remote: RemoteServer, problem: string, { delivered }: Way): AppError =>
  new AppError('ARTIFACT_NOT_FETCHED', { server: remote.name, problem: [problem, delivered.story()].filter((part) => part !== '').join('; ') });

/** A job, whose configuration is written after the download; its recipe is the base's own file, which says nothing where all is said beside it. */
async function byJob(remote: RemoteServer, way: Way & { readonly folder: string }): Promise<void> {
  const { order, prepared, delivered } = way;
  const { signal, artifact } = order;
  const install = { url: `file://${way.folder}/${prepared.baseModel}.yaml`, name: artifact.servedAs, overrides: prepared.config, files: filesOf(way) };
  const uuid = await startInstall(remote, install, { signal, correlation: artifact.correlation });
  const silent = new AbortController();
  const silence = new Silence(silenceMs);
  const look = (job: Job): void => {
    order.onProgress(delivered.share());
    if (delivered.uri !== null && silence.isOver(job, delivered.requests())) silent.abort();
  };
  try {
    const done = await untilDone(remote, uuid, { signal: AbortSignal.any([signal, silent.signal]), look });
    const problem = done === null ? 'it was started anew meanwhile' : jobProblem(done);
    if (problem !== null && isRecipeMissing(problem) && delivered.requests() === 0) await byImport(remote, way);
    else if (problem !== null) throw notFetched(remote, inWords(problem), way);
  } catch (error) {
    if (!silent.signal.aborted && !signal.aborted) throw error;
    await cancelJob(remote, uuid, AbortSignal.timeout(5_000)).catch(() => undefined);
    if (signal.aborted) throw error;
    throw notFetched(remote, `it did not ask for it within ${String(silenceMs / 1000)} s`, way);
  }
}

/** The base's configuration stands in a file of another name. */
const isRecipeMissing = (problem: string): boolean => /lstat|no such file/.test(problem);

/** At once, with the configuration written first: what fails has to be cleared away. */
async function byImport(remote: RemoteServer, way: Way): Promise<void> {
  const { order, prepared, delivered } = way;
  const { signal, artifact } = order;
  const files = filesOf(way);
  const config = { ...prepared.config, ...(files.length === 0 ? {} : { download_files: files }) };
  const telling = setInterval(() => order.onProgress(delivered.share()), 500);
  try {
    const answer = await importConfig(remote, config, { signal, answerMs: 30 * 60_000, correlation: artifact.correlation });
    if (isSuccess(answer)) return;
    if (answer.status === 401 || answer.status === 403) throw failureOf(remote.name, { method: 'POST', path: '/models/import' }, answer);
    throw notFetched(remote, reasonOf(answer) ?? `it refused the configuration (${String(answer.status)})`, way);
  } catch (error) {
    await clearAway(remote, artifact.servedAs);
    throw error;
  } finally {
    clearInterval(telling);
  }
}

async function clearAway(remote: RemoteServer, model: string): Promise<void> {
  const signal = AbortSignal.timeout(60_000);
  const isThere = await modelNames(remote, signal)
    .then((names) => names.includes(model))
    .catch(() => false);
  if (isThere) await deleteModel(remote, model, signal).catch(() => undefined);
}

/** Its source is still named where an import was cut off, maybe before the file was there. */
const hasSource = async (remote: RemoteServer, model: string, signal: Stop): Promise<boolean> =>
  ((await writtenConfig(remote, model, signal))?.download_files ?? []).length > 0;

/** A source that is gone would hold up the server's administration at each change from then on. */
async function forgetSource(remote: RemoteServer, model: string, signal: Stop): Promise<void> {
  const config = await writtenConfig(remote, model, signal);
  if ((config?.download_files ?? []).length === 0) return;
  if (await hasRoute(remote, '/api/models/config-metadata', signal)) {
    await patchConfig(remote, model, { patch: { download_files: [] }, signal, answerMs: 60_000 });
  } else {
    await replaceConfig(remote, model, { yaml: stringify({ ...config, download_files: undefined }), signal, answerMs: 60_000 });
  }
}

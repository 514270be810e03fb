/** What a server is and allows, and what stands in the way, with what to do about it. Changes nothing there. */
import type { Delivery, ServerReport } from '../../../../shared/domain/target.ts';
import { isAppError } from '../../../../shared/errors/app-error.ts';
import { ownAddresses, servingAddress } from '../artifact-host/addresses.ts';
import type { RemoteServer } from './remote-server.ts';
import { aliases, authStatus, hasRoute, isDistributed, isReady, loadedModels, modelNames, resources, version } from './server-calls.ts';

export interface CheckParts {
  readonly remote: RemoteServer;
  readonly delivery: Delivery;
  readonly hasKey: boolean;
  readonly baseConfig: string | null;
}

type Report = { -readonly [Key in keyof ServerReport]: ServerReport[Key] };

const blank = (server: string): Report => ({
  ...{ server, at: new Date().toISOString(), state: 'failed', version: null, auth: null, distributed: null },
  ...{ can: { install: false, alias: false, score: false, patch: false, resources: false }, memory_free_bytes: null, memory_total_bytes: null },
  ...{ models_bytes: null, loaded: [], aliases: [], artifact_address: null, problems: [], round_trip_ms: null },
});

/** Fails only as the signal says: what is wrong stands in the report. */
export async function checkServer(parts: CheckParts, signal: AbortSignal): Promise<ServerReport> {
  const report = blank(parts.remote.name);
  try {
    await ask(parts, { report, signal });
    await askAddress(parts, report);
    report.state = !report.can.install || !report.can.alias || report.distributed === true ? 'failed' : report.problems.length > 0 ? 'limited' : 'ok';
  } catch (error) {
    signal.throwIfAborted();
    if (!isAppError(error)) throw error;
    report.problems.unshift(`${error.message}. ${error.remedy}`);
  }
  return report;
}

interface Asking {
  readonly report: Report;
  readonly signal: AbortSignal;
}

async function ask({ remote, hasKey, baseConfig }: CheckParts, { report, signal }: Asking): Promise<void> {
  const started = performance.now();
  const ready = await isReady(remote, signal);
  report.round_trip_ms = performance.now() - started;
  if (!ready) report.problems.push('It is still starting; check again in a while.');
  const auth = await authStatus(remote, signal);
  report.auth = auth === null ? null : auth.authEnabled ? 'users' : auth.staticApiKeyRequired ? 'key' : 'none';
  if ((report.auth === 'key' || report.auth === 'users') && !hasKey) {
    report.problems.push('It asks for a key; keep one with `lathe secret set` and name it as secret of the target.');
    return;
  }
  report.version = await version(remote, signal);
  report.distributed = await isDistributed(remote, signal);
  if (report.distributed === true)
    report.problems.push('It spreads models over nodes and loses adapters on the way; deploy to a server that does not, or a merged model by hand.');
  await askAdministration(remote, { report, signal });
  await askMemory(remote, { report, signal });
  if (report.auth === 'none' && !isHere(remote.url))
    report.problems.push('It asks nobody for a key: whoever reaches it may change its models; give it one (LOCALAI_API_KEY).');
  if (baseConfig !== null && !(await modelNames(remote, signal)).includes(baseConfig))
    report.problems.push(`The target names ${baseConfig} as the model of its base, which is not there; install it or name another.`);
}

/** Whoever may use this machine may use what listens on it alone. */
const isHere = (url: string): boolean => /^(localhost|127[.\d]+|\[::1\])$/.test(new URL(url).hostname);

async function askAdministration(remote: RemoteServer, { report, signal }: Asking): Promise<void> {
  report.can.install = await hasRoute(remote, '/models/jobs', signal);
  report.can.patch = await hasRoute(remote, '/api/models/config-metadata', signal);
  const known = await aliases(remote, signal);
  report.can.alias = known !== null;
  report.aliases = [...(known ?? [])].map(([name, target]) => ({ name, target }));
  const { loaded, backends } = await loadedModels(remote, signal);
  report.loaded = loaded;
  if (!report.can.install)
    report.problems.push('Its administration of models is switched off (LOCALAI_DISABLE_GALLERY_ENDPOINT): nothing can be installed; switch it on.');
  else if (known === null) report.problems.push('It is too old to know aliases: versions cannot be swapped without a break; update it.');
  if (!report.can.patch)
    report.problems.push(
      'Its web application is switched off (LOCALAI_DISABLE_WEBUI): size of the base, memory and patches are not to be had; the rest works.',
    );
  report.can.score = backends.length === 0 || backends.some((name) => name.includes('llama-cpp'));
  if (!report.can.score) report.problems.push('It has no llama.cpp backend, which alone applies adapters; install llama-cpp there.');
}

/** A second copy of a small model fits in this much; of a large one the load says so itself. */
const scarceBytes = 512 * 2 ** 20;

async function askMemory(remote: RemoteServer, { report, signal }: Asking): Promise<void> {
  const found = await resources(remote, signal);
  report.can.resources = found !== null;
  report.memory_free_bytes = found?.aggregate?.free_memory ?? null;
  report.memory_total_bytes = found?.aggregate?.total_memory ?? null;
  report.models_bytes = found?.storage_size ?? null;
  if (report.memory_free_bytes !== null && report.memory_free_bytes < scarceBytes)
    report.problems.push(
      `It has ${String(Math.round(report.memory_free_bytes / 2 ** 20))} MiB of memory left: two versions at once may not fit; unload what is not needed.`,
    );
}

async function askAddress({ remote, delivery }: CheckParts, report: Report): Promise<void> {
  if (delivery.how !== 'serve') return;
  const { shown } = await servingAddress({ name: remote.name, url: remote.url }, delivery.address);
  report.artifact_address = shown;
  if (delivery.address !== null && !ownAddresses().includes(delivery.address))
    report.problems.push(`This machine has no address ${delivery.address}: servers reach it only if another machine forwards that address here.`);
}

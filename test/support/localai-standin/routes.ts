/** The stand-in's routes: which there are under its settings, and what each does. */
import { parse } from 'yaml';
import type { ServerResponse } from 'node:http';
import { statSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Backend } from './backend.ts';
import type { Behaviour } from './faults.ts';
import { notFound, refused, Refused, refusedChange, refusedPlainly, sendJson } from './http.ts';
import type { Inference } from './inference.ts';
import type { Jobs } from './jobs.ts';
import { baseOf, type Config, type Models } from './models.ts';

export interface StandinSettings {
  readonly key: string | null;
  readonly webui: boolean;
  readonly gallery: boolean;
  readonly aliases: boolean;
  readonly distributed: boolean;
  readonly opaqueErrors: boolean;
  readonly backends: readonly string[];
  readonly version: string;
}

export interface RouteParts {
  readonly settings: StandinSettings;
  readonly behaviour: Behaviour;
  readonly models: Models;
  readonly backend: Backend;
  readonly jobs: Jobs;
  readonly inference: Inference;
}

export interface Asked {
  readonly name: string;
  readonly action: string;
  readonly text: string;
  readonly json: () => Record<string, unknown>;
  readonly response: ServerResponse;
}

type Handler = (asked: Asked) => unknown;

export interface Route {
  readonly pattern: RegExp;
  readonly answer: Handler;
  /** Answers without a key. */
  readonly open?: boolean;
}

const route = (call: string, answer: Handler, open = false): Route => {
  const source = call
    .replace(/[.]/g, '\\.')
    .replace(/:name/g, '(?<name>[^/]+)')
    .replace(/:action/g, '(?<action>[^/]+)');
  return { pattern: new RegExp(`^${source}$`), answer, open };
};

export function routesOf(parts: RouteParts): Route[] {
  const { settings } = parts;
  return [...plainRoutes(parts), ...(settings.gallery ? galleryRoutes(parts) : []), ...(settings.webui ? webRoutes(parts) : [])];
}

const changed = (name: string, parts: RouteParts, pending: number): object => ({
  success: true,
  message: `Model '${name}' updated`,
  config_revision: parts.models.revision(name),
  pending_cleanup: pending,
});

const modelIn = ({ model }: Readonly<Record<string, unknown>>): string => (typeof model === 'string' ? model : '');

function plainRoutes({ settings, models, backend, inference }: RouteParts): Route[] {
  return [
    route('GET /readyz', () => undefined, true),
    route('GET /healthz', () => undefined, true),
    route('GET /api/auth/status', () => ({ authEnabled: false, providers: [], staticApiKeyRequired: settings.key !== null, user: null }), true),
    route('GET /version', () => ({ version: settings.version })),
    route('GET /api/features', () => ({ agents: true, distributed: settings.distributed, fine_tuning: true })),
    route('GET /system', () => ({ backends: settings.backends, loaded_models: backend.loaded.map((id) => ({ id, backend: 'llama-cpp' })) })),
    route('GET /v1/models', () => ({ object: 'list', data: models.names.map((id) => ({ id, object: 'model' })) })),
    route('POST /backend/load', async ({ json }) => {
      const model = modelIn(json());
      await backend.load(model).catch((error: unknown) => {
        throw new Refused(500, { loaded: backend.loaded, message: `failed to load model: ${error instanceof Error ? error.message : String(error)}` });
      });
      return { loaded: [model], message: 'model loaded' };
    }),
    route('POST /backend/shutdown', async ({ json }) => {
      const stopped = await backend.stop(modelIn(json()));
      if (stopped === false) throw notFound();
      if (stopped === null) throw refused(500, 'model is still busy');
      return { message: 'model stopped' };
    }),
    route('POST /api/score', ({ json }) => inference.score(json())),
    route('POST /v1/chat/completions', ({ json, response }) => inference.chat(json(), response)),
  ];
}

function galleryRoutes(parts: RouteParts): Route[] {
  const { settings, models, backend, jobs } = parts;
  const toggle = (name: string, change: Config): Promise<unknown> =>
    models.inTurn(() => {
      models.write({ ...models.need(name), ...change });
      return Promise.resolve({ success: true, message: 'toggled', filename: models.path(name), pending_cleanup: 0 });
    });
  return [
    route('POST /models/apply', ({ json }) => ({ uuid: jobs.install(json()), status: 'http://unused/' })),
    route('GET /models/jobs', () => Object.fromEntries(jobs.states)),
    route('GET /models/jobs/:name', ({ name }) => {
      const found = jobs.states.get(name);
      if (found === undefined) throw refused(500, 'could not find any status for ID');
      return found;
    }),
    route('POST /models/import', async ({ text }) => {
      const config = parse(text) as Config;
      await models.inTurn(() => models.import(config));
      return { success: true, message: 'Model configuration created successfully', filename: `${String(config['name'])}.yaml`, pending_cleanup: 0 };
    }),
    route('POST /models/reload', async () => {
      await models.inTurn(() => {
        models.read();
        return models.preload().catch((error: unknown) => {
          throw refusedChange(500, error instanceof Error ? error.message : String(error));
        });
      });
      return { success: true, message: 'Model configurations reloaded successfully', pending_cleanup: 0 };
    }),
    route('POST /models/delete/:name', ({ name }) => ({ uuid: jobs.delete(name), status: 'http://unused/' })),
    route('GET /models/edit/:name', ({ name, response }) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end(editPage(models.text(name)));
    }),
    route('POST /models/edit/:name', ({ name, text }) =>
      models.inTurn(async () => {
        models.need(name);
        const config = parse(text) as Config;
        models.validate(config);
        models.write(config);
        const stopped = await backend.stop(name);
        await models.preload();
        return { ...changed(name, parts, stopped === true ? 0 : 1), filename: models.path(name), config };
      }),
    ),
    route('PUT /models/toggle-pinned/:name/:action', ({ name, action }) => toggle(name, { pinned: action === 'pin' ? true : undefined })),
    route('PUT /models/toggle-state/:name/:action', async ({ name, action }) => {
      await backend.stop(name);
      return toggle(name, { disabled: action === 'disable' ? true : undefined });
    }),
    ...(settings.aliases ? [route('GET /api/aliases', () => models.aliases)] : []),
  ];
}

function webRoutes(parts: RouteParts): Route[] {
  const { behaviour, models, backend, jobs } = parts;
  return [
    route('GET /api/models/config-metadata', () => ({ sections: [] })),
    route('GET /api/models/config-json/:name', ({ name }) => models.effective(name)),
    route('PATCH /api/models/config-json/:name', ({ name, json }) =>
      models.inTurn(async () => {
        await models.patch(name, json());
        const stopped = await backend.stop(name);
        return changed(name, parts, stopped === true ? 0 : 1);
      }),
    ),
    route('GET /api/models/edit/:name', ({ name }) => ({ config: models.text(name), name })),
    route('POST /api/models/vram-estimate', ({ json }) => {
      const config = models.get(modelIn(json()));
      if (config === undefined) throw refusedPlainly(404, 'model configuration not found');
      const bytes = statSync(join(models.folder, baseOf(config)), { throwIfNoEntry: false })?.size ?? 0;
      return { size_bytes: bytes, vram_bytes: bytes * 2 };
    }),
    route('GET /api/resources', () => {
      const storage = readdirSync(models.folder).reduce((sum, name) => sum + statSync(join(models.folder, name)).size, 0);
      return { aggregate: { total_memory: 16e9, free_memory: behaviour.memoryFreeBytes }, storage_size: storage, type: 'ram' };
    }),
    route('POST /api/operations/:name/cancel', ({ name }) => {
      if (!jobs.cancel(name)) throw refusedPlainly(400, 'operation not found');
      return { success: true };
    }),
  ];
}

const editPage = (yaml: string): string =>
  `<!DOCTYPE html><html><script>\n            const initialValue = \`${yaml.replace(/\\/g, '\\\\').replace(/`/g, '\\`').replace(/\//g, '\\/').replace(/\n/g, '\\n')}\`;\n</script></html>`;

export const answerWith = (response: ServerResponse, value: unknown): void => {
  if (!response.headersSent) sendJson(response, 200, value);
};

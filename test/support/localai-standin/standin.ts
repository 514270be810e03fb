/** A server that behaves as LocalAI does where Lathe's deployments touch it, and misbehaves as a test asks. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Backend } from './backend.ts';
import { faultAt, usualBehaviour, type Fault } from './faults.ts';
import { bodyOf, notFound, refused, Refused, sendJson } from './http.ts';
import { Inference } from './inference.ts';
import { Jobs } from './jobs.ts';
import { Models, type Config } from './models.ts';
import { answerWith, routesOf, type Route, type StandinSettings } from './routes.ts';
import type { Voice } from './voice.ts';

export interface StandinOptions extends Partial<StandinSettings> {
  /** Its models folder. */
  readonly folder: string;
  /** Files that lie there before it starts: path there, path here. */
  readonly bases?: Readonly<Record<string, string>>;
  readonly port?: number;
  readonly maxLoaded?: number;
  /** Between the tries of a download; the real one waits 2 s and 4 s. */
  readonly pausesMs?: readonly number[];
  /** Answers; left out: words that are made up. */
  readonly voice?: Voice;
}

const usualSettings: StandinSettings = {
  ...{ key: null, webui: true, gallery: true, aliases: true, distributed: false, opaqueErrors: false },
  ...{ backends: ['llama-cpp'], version: 'v4.9.0 (stand-in)' },
};

export class LocalAiStandin {
  readonly behaviour = usualBehaviour();
  readonly faults: Fault[] = [];
  /** Every request: `POST /models/apply`, and what came with it. */
  readonly heard: { readonly call: string; readonly headers: Readonly<Record<string, unknown>>; readonly body: string }[] = [];
  readonly settings: StandinSettings;
  /** Told of each fault when it happens. */
  onFault: (call: string) => void = () => undefined;
  readonly #options: StandinOptions;
  #server: Server | null = null;
  #port: number;
  #routes: Route[] = [];
  models!: Models;
  backend!: Backend;
  jobs!: Jobs;
  inference!: Inference;

  private constructor(options: StandinOptions) {
    this.#options = options;
    this.#port = options.port ?? 0;
    this.settings = { ...usualSettings, ...options };
  }

  static async start(options: StandinOptions): Promise<LocalAiStandin> {
    const standin = new LocalAiStandin(options);
    for (const [there, here] of Object.entries(options.bases ?? {})) {
      mkdirSync(dirname(join(options.folder, there)), { recursive: true });
      copyFileSync(here, join(options.folder, there));
    }
    await standin.up();
    return standin;
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.#port)}`;
  }

  get port(): number {
    return this.#port;
  }

  /** As though its operator had written the file; it is known at once. */
  addModel(config: Config): void {
    this.models.write(config);
  }

  /** What the alias leads to. */
  alias(name: string): string | null {
    return this.models.aliases.find((one) => one.name === name)?.target ?? null;
  }

  /** The files stay; jobs and what is loaded are forgotten. */
  async restart(): Promise<void> {
    await this.down();
    await this.up();
  }

  /** It listens no more; connections are cut. */
  async down(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  async up(): Promise<void> {
    const { folder, pausesMs = [20, 40], maxLoaded = Infinity, voice = null } = this.#options;
    const { behaviour, settings } = this;
    this.models = new Models({ folder, behaviour, pausesMs });
    this.backend = new Backend({ models: this.models, behaviour, maxLoaded });
    this.jobs = new Jobs({ models: this.models, backend: this.backend, behaviour, pausesMs, isOpaque: settings.opaqueErrors });
    this.inference = new Inference({ models: this.models, backend: this.backend, behaviour, voice });
    this.#routes = routesOf({ settings, behaviour, models: this.models, backend: this.backend, jobs: this.jobs, inference: this.inference });
    const server = createServer((request, response) => void this.#serve(request, response));
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const call = `${request.method ?? ''} ${path}`;
    const text = await bodyOf(request).catch(() => '');
    this.heard.push({ call, headers: request.headers, body: text });
    const fault = faultAt(this.faults, call);
    if (fault !== null) this.onFault(call);
    if (fault !== null && (await this.#misbehave(fault, response))) return;
    if (fault?.how === 'drop-after' || fault?.how === 'hang-after') {
      // It all happens, and nobody hears of it.
      const unheard = Object.assign(Object.create(response) as ServerResponse, { writeHead: () => unheard, write: () => true, end: () => unheard });
      await this.#answer(call, { text, request, response: unheard });
      if (fault.how === 'drop-after') response.destroy();
      return;
    }
    await this.#answer(call, { text, request, response });
  }

  /** Whether that was all. */
  async #misbehave({ how, status = 500, body, ms = 0 }: Fault, response: ServerResponse): Promise<boolean> {
    if (how === 'drop') response.destroy();
    if (how === 'status') sendJson(response, status, body);
    if (how === 'garbage') response.writeHead(200, { 'content-type': 'text/html' }).end('<html>hello</html>');
    if (how === 'redirect') response.writeHead(302, { location: 'http://127.0.0.1:9/elsewhere' }).end();
    if (how === 'delay') await pause(ms);
    return how !== 'delay' && how !== 'drop-after' && how !== 'hang-after';
  }

  async #answer(call: string, { text, request, response }: { text: string; request: IncomingMessage; response: ServerResponse }): Promise<void> {
    try {
      const found = this.#routes.map((route) => ({ route, match: route.pattern.exec(call) })).find(({ match }) => match !== null);
      if (this.settings.key !== null && found?.route.open !== true && request.headers.authorization !== `Bearer ${this.settings.key}`)
        throw new Refused(
          401,
          { error: { code: 401, message: 'An authentication key is required', type: 'invalid_request_error' } },
          { 'www-authenticate': 'Bearer' },
        );
      if (found === undefined) throw notFound();
      const groups = found.match?.groups ?? {};
      const json = (): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;
      const value = await found.route.answer({ name: decodeURIComponent(groups['name'] ?? ''), action: groups['action'] ?? '', text, json, response });
      answerWith(response, value);
    } catch (error) {
      const { status, body, headers } = error instanceof Refused ? error : refused(500, error instanceof Error ? error.message : String(error));
      // Administration and loading keep their words even so.
      const isSilent = this.settings.opaqueErrors && status !== 401 && !/^POST [/](models[/]import|backend[/]load)/.test(call);
      sendJson(response, status, isSilent ? undefined : body, headers);
    }
  }
}

/** A real `lathe serve` in a process of its own, on a free port, and requests to it as a stranger would make them. */
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { LatheCli, waitFor, type CliEnd } from './lathe-cli.ts';

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Throws where it is no JSON. */
  json(): Record<string, unknown>;
}

export interface Sent {
  readonly method?: string;
  /** null: none; left out: the admin's. */
  readonly token?: string | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface SseEvent {
  readonly id: string;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

export class HttpHost {
  readonly home: string;
  readonly url: string;
  readonly login: string;
  readonly admin: string;
  readonly #cli: LatheCli;

  private constructor(cli: LatheCli, home: string, listening: Readonly<Record<string, unknown>>) {
    this.#cli = cli;
    this.home = home;
    this.url = String(listening['url']);
    this.login = String(listening['login']);
    this.admin = readFileSync(String(listening['token']), 'utf8').trim();
  }

  static async start(home: string, args: readonly string[] = []): Promise<HttpHost> {
    const cli = new LatheCli(['serve', '--json', '--port', '0', ...args], { env: { LATHE_HOME: home } });
    const listening = (): Readonly<Record<string, unknown>> | undefined => cli.events.find(({ event }) => event === 'listening');
    let end: CliEnd | null = null;
    void cli.ended.then((ended) => (end = ended));
    await waitFor(() => listening() !== undefined || end !== null, 60_000);
    const said = listening();
    if (said === undefined) throw new Error(`lathe serve did not listen: ${JSON.stringify(end)}`);
    return new HttpHost(cli, home, said);
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  get pid(): number {
    return this.#cli.pid;
  }

  /** Puts a file on the shelf of data sets. */
  addDataset(name: string, file: string): void {
    mkdirSync(join(this.home, 'datasets'), { recursive: true });
    copyFileSync(file, join(this.home, 'datasets', name));
  }

  async ask(path: string, sent: Sent = {}): Promise<Answered> {
    const response = await this.open(path, sent);
    response.setEncoding('utf8');
    let text = '';
    for await (const piece of response) text += String(piece);
    return { status: response.statusCode ?? 0, headers: response.headers, text, json: () => JSON.parse(text) as Record<string, unknown> };
  }

  post(path: string, body: unknown, sent: Sent = {}): Promise<Answered> {
    return this.ask(path, { ...sent, method: 'POST', body });
  }

  /** The answer as it begins to come. */
  open(path: string, { method = 'GET', token = this.admin, body, headers = {} }: Sent = {}): Promise<IncomingMessage> {
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const all = {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }),
      ...headers,
    };
    return new Promise((resolve, reject) => {
      const made = request({ host: '127.0.0.1', port: this.port, path, method, headers: all, agent: false }, resolve);
      made.on('error', reject);
      made.end(text);
    });
  }

  /** Events as they come, until `isEnough` says so. */
  async events(path: string, isEnough: (event: SseEvent) => boolean, sent: Sent = {}): Promise<SseEvent[]> {
    const response = await this.open(path, sent);
    if (response.statusCode !== 200) throw new Error(`the stream was refused: ${response.statusCode ?? 0}`);
    response.setEncoding('utf8');
    const heard: SseEvent[] = [];
    let rest = '';
    for await (const piece of response) {
      const blocks = (rest + String(piece)).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const event of blocks.flatMap(parseBlock)) {
        heard.push(event);
        if (!isEnough(event)) continue;
        response.destroy();
        return heard;
      }
    }
    return heard;
  }

  /** As Ctrl-C does. */
  async end(): Promise<CliEnd> {
    this.#cli.signal('SIGINT');
    return this.#cli.ended;
  }

  kill(): Promise<CliEnd> {
    return this.#cli.killAll();
  }
}

function parseBlock(block: string): SseEvent[] {
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
  return field('event') === '' ? [] : [{ id: field('id'), event: field('event'), data: JSON.parse(field('data')) as Record<string, unknown> }];
}

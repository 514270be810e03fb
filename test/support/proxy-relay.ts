/** Stands before a `lathe proxy` and loses, holds or passes on what a deployment tells it. */
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ProxyServer } from '../../main/proxy/proxy-server.ts';
import { SplitBook } from '../../main/proxy/split-book.ts';
import { keepingLogger } from './keeping-logger.ts';
import { faultAt, type Fault } from './localai-standin/faults.ts';

export const proxyKey = 'a key of sixteen characters';

export class ProxyRelay {
  readonly name = 'the proxy';
  readonly #proxy: ProxyServer;
  readonly #server: Server;
  readonly #to: string;
  readonly #heard: string[] = [];
  #faults: Fault[] = [];
  #onFault: (call: string) => void = () => undefined;

  private constructor(proxy: ProxyServer, to: string) {
    [this.#proxy, this.#to] = [proxy, to];
    this.#server = createServer((from, response) => this.#serve(from, response));
  }

  /** `upstream`: the server behind it; `book`: the file of its splits. */
  static async start(upstream: string, book: string): Promise<ProxyRelay> {
    const proxy = new ProxyServer({ upstream, book: new SplitBook(book), key: proxyKey, log: keepingLogger() });
    const relay = new ProxyRelay(proxy, await proxy.listen('127.0.0.1', 0));
    await new Promise<void>((resolve) => relay.#server.listen(0, '127.0.0.1', resolve));
    return relay;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  calls(from: number): Promise<readonly string[]> {
    return Promise.resolve(this.#heard.slice(from));
  }

  misbehave(...faults: readonly Fault[]): Promise<number> {
    this.#faults = [...faults];
    return Promise.resolve(this.#heard.length);
  }

  nextFault(): Promise<string> {
    return new Promise((resolve) => (this.#onFault = resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.#proxy.close(500);
  }

  #serve(from: IncomingMessage, response: ServerResponse): void {
    const call = `${from.method ?? ''} ${from.url ?? ''}`;
    this.#heard.push(call);
    const how = faultAt(this.#faults, call)?.how;
    if (how !== undefined) this.#onFault(call);
    if (how === 'drop') response.destroy();
    if (how === 'drop' || how === 'hang') return;
    const { method, url, headers } = from;
    const onward = request(`${this.#to}${url ?? ''}`, { ...(method === undefined ? {} : { method }), headers }, (answer) => {
      if (how === 'drop-after') response.destroy();
      if (how === 'drop-after' || how === 'hang-after') return;
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    from.pipe(onward);
  }
}

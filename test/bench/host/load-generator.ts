/**
 * Listeners and requests over bare sockets: what a client's own HTTP costs is no part of what is measured, and on this machine it is taken
 * from the same cores.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface Target {
  readonly port: number;
  readonly token: string;
}

export interface Requests {
  readonly perSecond: number;
  readonly seconds: number;
  readonly kinds: readonly { readonly path: string; /** Makes it a POST. */ readonly body?: object }[];
}

const head = (method: string, path: string, { port, token }: Target): string =>
  `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\n`;

/** One event stream, and whether its events come without gap and double. */
export class Listener {
  readonly #socket: Socket;
  /** Resolves when the stream has begun. */
  readonly ready: Promise<void>;
  heard = 0;
  /** Events that were left out or told twice, and streams that broke off. */
  wrong = 0;
  last = -1;
  #rest = '';
  #isClosing = false;

  constructor(target: Target) {
    this.#socket = connect(target.port, '127.0.0.1');
    this.#socket.write(`${head('GET', '/v1/events', target)}\r\n`);
    this.ready = new Promise((resolve, reject) => {
      this.#socket.on('data', (bytes) => {
        this.#read(this.#rest + bytes.toString('latin1'));
        if (this.last >= 0) resolve();
      });
      this.#socket.on('error', reject);
    });
    this.#socket.on('close', () => (this.wrong += this.#isClosing ? 0 : 1));
  }

  close(): void {
    this.#isClosing = true;
    this.#socket.destroy();
  }

  /** The first id is that of what happened last before the stream began. */
  #read(text: string): void {
    let from = 0;
    for (let at: number; (at = text.indexOf('\nid: ', from)) >= 0;) {
      const end = text.indexOf('\n', at + 1);
      if (end < 0) break;
      const id = Number(text.slice(text.indexOf('-', at) + 1, end));
      if (this.last >= 0) {
        this.heard += 1;
        if (id !== this.last + 1) this.wrong += 1;
      }
      this.last = id;
      from = end;
    }
    // An id is far shorter.
    this.#rest = text.slice(Math.max(from, text.length - 80));
  }
}

/** As many a second as asked for, whether or not those before are answered. `tell` hears of each answer. */
export async function fire(target: Target, { perSecond, seconds, kinds }: Requests, tell: (ms: number, isGood: boolean) => void): Promise<void> {
  const texts = kinds.map(({ path, body }) => requestText(target, path, body));
  const idle: Connection[] = [];
  const all: Connection[] = [];
  const open: Promise<void>[] = [];
  const one = async (text: string): Promise<void> => {
    const start = performance.now();
    const connection = idle.pop() ?? new Connection(target.port);
    if (!all.includes(connection)) all.push(connection);
    const isGood = await connection.ask(text);
    tell(performance.now() - start, isGood);
    idle.push(connection);
  };
  const count = perSecond * seconds;
  const begin = performance.now();
  while (open.length < count) {
    const due = Math.min(count, Math.floor(((performance.now() - begin) / 1_000) * perSecond));
    while (open.length < due) open.push(one(texts[open.length % texts.length] ?? ''));
    await pause(1);
  }
  await Promise.all(open);
  all.forEach((connection) => connection.close());
}

function requestText(target: Target, path: string, body?: object): string {
  if (body === undefined) return `${head('GET', path, target)}\r\n`;
  const text = JSON.stringify(body);
  return `${head('POST', path, target)}Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

/** A connection that is kept; one request at a time. */
class Connection {
  readonly #socket: Socket;
  #answer = '';
  #done: (isGood: boolean) => void = () => undefined;

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1').setNoDelay();
    this.#socket.on('data', (bytes) => this.#read(bytes.toString('latin1')));
    this.#socket.on('close', () => this.#done(false));
    this.#socket.on('error', () => undefined);
  }

  ask(text: string): Promise<boolean> {
    return new Promise((resolve) => {
      this.#done = resolve;
      this.#socket.write(text);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(text: string): void {
    this.#answer += text;
    const body = this.#answer.indexOf('\r\n\r\n') + 4;
    const length = Number(/\r\ncontent-length: (\d+)\r\n/i.exec(this.#answer.slice(0, body))?.[1]);
    if (body < 4 || !(this.#answer.length >= body + length)) return;
    const isGood = this.#answer.startsWith('HTTP/1.1 200');
    this.#answer = '';
    this.#done(isGood);
  }
}

/** One open file and who may have it: answers HEAD, GET and ranges, and counts what was sent. The file stays open, so that it cannot go away meanwhile. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { open, type FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { plainAddress } from './addresses.ts';

export interface OfferedFileParts {
  readonly bytes: number;
  readonly isAllowed: (address: string) => boolean;
}

interface Piece {
  readonly status: 200 | 206 | 416;
  readonly start: number;
  readonly end: number;
}

/** Who takes nothing for so long is let go. */
const stalledMs = 60_000;

export class OfferedFile {
  readonly #file: FileHandle;
  readonly #parts: OfferedFileParts;
  readonly #answers = new Set<ServerResponse>();
  #furthest = 0;
  #requests = 0;
  #strangers = new Set<string>();
  #isClosed = false;

  private constructor(file: FileHandle, parts: OfferedFileParts) {
    this.#file = file;
    this.#parts = parts;
  }

  /** Throws what the file system throws. */
  static async open(path: string, parts: OfferedFileParts): Promise<OfferedFile> {
    return new OfferedFile(await open(path, 'r'), parts);
  }

  get share(): number {
    return this.#parts.bytes === 0 ? 1 : Math.min(1, this.#furthest / this.#parts.bytes);
  }

  get requests(): number {
    return this.#requests;
  }

  get story(): string {
    if (this.#requests === 0 && this.#strangers.size > 0) return `it was asked for from ${[...this.#strangers].join(', ')}, which is no address of that server`;
    return this.#requests === 0 ? 'nobody asked this machine for it' : '';
  }

  answer(asked: IncomingMessage, answer: ServerResponse): void {
    const address = plainAddress(asked.socket.remoteAddress ?? '');
    const isOwnProof = asked.headers['x-lathe-proof'] === '1' && address === plainAddress(asked.socket.localAddress ?? '-');
    if (!isOwnProof && !this.#parts.isAllowed(address)) {
      if (this.#strangers.size < 8) this.#strangers.add(address);
      answer.writeHead(404, { connection: 'close' }).end();
    } else if (this.#isClosed) {
      answer.writeHead(404, { connection: 'close' }).end();
    } else if (asked.method !== 'GET' && asked.method !== 'HEAD') {
      answer.writeHead(405, { allow: 'GET, HEAD', connection: 'close' }).end();
    } else {
      if (!isOwnProof) this.#requests++;
      this.#send(asked, answer);
    }
  }

  /** Whoever is reading is cut off. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#answers.forEach((answer) => answer.destroy());
    await this.#file.close();
  }

  #send(asked: IncomingMessage, answer: ServerResponse): void {
    const { status, start, end } = pieceOf(asked.headers.range, this.#parts.bytes);
    const range = status === 206 ? { 'content-range': `bytes ${String(start)}-${String(end - 1)}/${String(this.#parts.bytes)}` } : {};
    const refused = status === 416 ? { 'content-range': `bytes */${String(this.#parts.bytes)}` } : {};
    answer.writeHead(status, {
      'content-type': 'application/octet-stream',
      'accept-ranges': 'bytes',
      'content-length': end - start,
      'cache-control': 'no-store',
      ...range,
      ...refused,
    });
    if (asked.method === 'HEAD' || end === start) answer.end();
    else void this.#pour(answer, start, end);
  }

  async #pour(answer: ServerResponse, start: number, end: number): Promise<void> {
    this.#answers.add(answer);
    answer.setTimeout(stalledMs, () => answer.destroy());
    const content = this.#file.createReadStream({ start, end: end - 1, autoClose: false });
    let at = start;
    content.on('data', (piece) => {
      at += piece.length;
      this.#furthest = Math.max(this.#furthest, at);
    });
    // A file that became shorter cannot keep the promised length: the connection is cut, which says so.
    await pipeline(content, answer, { end: false }).catch(() => undefined);
    if (at === end) answer.end();
    else answer.destroy();
    this.#answers.delete(answer);
  }
}

/** One range at most; what is no such range is answered with the whole file, as HTTP has it. */
export function pieceOf(range: string | undefined, bytes: number): Piece {
  const found = /^bytes=(\d*)-(\d*)$/.exec(range ?? '');
  if (found === null || (found[1] === '' && found[2] === '')) return { status: 200, start: 0, end: bytes };
  const [from, to] = [found[1] ?? '', found[2] ?? ''];
  const start = from === '' ? Math.max(0, bytes - Number(to)) : Number(from);
  const end = from === '' || to === '' ? bytes : Math.min(bytes, Number(to) + 1);
  return start >= bytes || end <= start ? { status: 416, start: 0, end: 0 } : { status: 206, start, end };
}

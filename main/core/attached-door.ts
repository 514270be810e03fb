/** A door to the host that owns a LATHE_HOME, over its socket. */
import { request, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { Answer } from '../../shared/contracts/answer.ts';
import { calls, coreEvents, type CallName, type CoreEvent, type CoreEventName } from '../../shared/contracts/calls.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { fromWireError } from '../../shared/errors/wire-error.ts';
import type { Door } from './door.ts';

export interface Address {
  readonly home: string;
  readonly socket: string;
  readonly secret: string;
}

export function attachedDoor(address: Address): Door {
  const streams = new Set<IncomingMessage>();
  return {
    isOwn: false,
    call: async (name, input) => (await callHost(address, name, input)) as never,
    subscribe: async (listener, onGone = () => undefined) => {
      const stream = await open(address, { method: 'GET', path: '/events' });
      if (!isEventStream(stream)) throw gone(address, `it sends no events but ${JSON.stringify(await answerIn(stream, address))}`);
      streams.add(stream);
      stream.once('close', () => streams.delete(stream) && onGone());
      await readEvents(stream, listener);
      return () => {
        streams.delete(stream);
        stream.destroy();
      };
    },
    close: () => {
      const open = [...streams];
      streams.clear();
      open.forEach((stream) => stream.destroy());
      return Promise.resolve();
    },
  };
}

/** A process that was stopped still takes connections, and says nothing. */
export async function isAnswering(address: Address, timeoutMs: number): Promise<boolean> {
  try {
    await callHost(address, 'host.status', {}, AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs))));
    return true;
  } catch {
    return false;
  }
}

async function callHost(address: Address, name: CallName, input: unknown, signal?: AbortSignal): Promise<unknown> {
  const response = await open(address, { method: 'POST', path: `/call/${name}`, body: JSON.stringify(input), ...(signal === undefined ? {} : { signal }) });
  return calls[name].output.parse(await answerIn(response, address));
}

const isEventStream = ({ headers }: IncomingMessage): boolean => headers['content-type'] === 'text/event-stream';

/** Throws what the host answers instead. */
async function answerIn(response: IncomingMessage, address: Address): Promise<unknown> {
  const answer = Answer.safeParse(await jsonOf(response, address));
  if (!answer.success) throw gone(address, 'its answer is not in the contract');
  if (!answer.data.ok) throw fromWireError(answer.data.error);
  return answer.data.value;
}

interface Sent {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

function open({ home, socket, secret }: Address, { method, path, body, signal }: Sent): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${secret}`, host: 'lathe', ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    // A connection for each: one that was kept may be shut by an ending host just when something is sent over it.
    const sent = request({ socketPath: socket, method, path, headers, signal, agent: false }, resolve);
    sent.on('error', (error: NodeJS.ErrnoException) => reject(error.syscall === 'connect' ? ending({ home }, error.message) : gone({ home }, error.message)));
    sent.end(body);
  });
}

/** An answer that breaks off came from a host that ended meanwhile. */
async function jsonOf(response: IncomingMessage, address: Address): Promise<unknown> {
  response.setEncoding('utf8');
  let text = '';
  try {
    for await (const piece of response) text += String(piece);
    return JSON.parse(text);
  } catch (error) {
    throw gone(address, error instanceof Error ? error.message : String(error));
  }
}

/** Nobody heard what was asked: there is no host any more. */
const ending = ({ home }: Pick<Address, 'home'>, problem: string): AppError => new AppError('HOST_ENDING', { home, problem });
const gone = ({ home }: Pick<Address, 'home'>, problem: string): AppError => new AppError('HOST_GONE', { home, problem });

/** A living host sends something every fifteen seconds. */
const silentMs = 60_000;

/** Resolves with the first event, which says that the stream stands, or with its end. */
function readEvents(stream: IncomingMessage, listener: (event: CoreEvent) => void): Promise<void> {
  let event = '';
  stream.setTimeout(silentMs, () => stream.destroy());
  return new Promise((resolve) => {
    createInterface({ input: stream })
      .on('line', (line) => {
        if (line.startsWith('event: ')) event = line.slice(7);
        else if (line.startsWith('data: ')) {
          if (event === 'ready') resolve();
          else hear(event, line.slice(6), listener);
        }
      })
      // Torn off by a host that was killed: what matters is that it ended.
      .on('error', () => resolve())
      .on('close', () => resolve());
  });
}

function hear(name: string, data: string, listener: (event: CoreEvent) => void): void {
  if (!Object.hasOwn(coreEvents, name)) return;
  const event = name as CoreEventName;
  const parsed = coreEvents[event].safeParse(JSON.parse(data));
  if (parsed.success) listener({ event, data: parsed.data } as CoreEvent);
}

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
    subscribe: async (listener) => {
      const stream = await open(address, { method: 'GET', path: '/events' });
      streams.add(stream);
      const isReady = readEvents(stream, listener);
      await isReady;
      return () => {
        streams.delete(stream);
        stream.destroy();
      };
    },
    close: () => {
      streams.forEach((stream) => stream.destroy());
      return Promise.resolve();
    },
  };
}

async function callHost(address: Address, name: CallName, input: unknown): Promise<unknown> {
  const response = await open(address, { method: 'POST', path: `/call/${name}`, body: JSON.stringify(input) });
  const text = await textOf(response);
  const answer = Answer.safeParse(JSON.parse(text));
  if (!answer.success) throw gone(address, 'its answer is not in the contract');
  if (!answer.data.ok) throw fromWireError(answer.data.error);
  return calls[name].output.parse(answer.data.value);
}

interface Sent {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}

function open({ home, socket, secret }: Address, { method, path, body }: Sent): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${secret}`, host: 'lathe', ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const sent = request({ socketPath: socket, method, path, headers }, resolve);
    sent.on('error', (error) => reject(gone({ home }, error.message)));
    sent.end(body);
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const piece of response) text += String(piece);
  return text;
}

const gone = ({ home }: Pick<Address, 'home'>, problem: string): AppError => new AppError('HOST_GONE', { home, problem });

/** Resolves with the first event, which says that the stream stands. */
function readEvents(stream: IncomingMessage, listener: (event: CoreEvent) => void): Promise<void> {
  let event = '';
  return new Promise((resolve) => {
    createInterface({ input: stream })
      .on('line', (line) => {
        if (line.startsWith('event: ')) event = line.slice(7);
        else if (line.startsWith('data: ')) {
          if (event === 'ready') resolve();
          else hear(event, line.slice(6), listener);
        }
      })
      // Whoever waits for a run asks once more, and is told that the host has gone.
      .on('close', () => resolve());
  });
}

function hear(name: string, data: string, listener: (event: CoreEvent) => void): void {
  if (!Object.hasOwn(coreEvents, name)) return;
  const event = name as CoreEventName;
  const parsed = coreEvents[event].safeParse(JSON.parse(data));
  if (parsed.success) listener({ event, data: parsed.data } as CoreEvent);
}

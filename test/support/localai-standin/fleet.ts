/** Stand-ins for LocalAI in a process of their own, as servers elsewhere are; their models answer by the engine. */
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Fault } from './faults.ts';
import type { Asked, Look, Order, Told } from './fleet-process.ts';
import type { StandinOptions } from './standin.ts';

export class StandinFleet {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { readonly resolve: (result: unknown) => void; readonly reject: (error: Error) => void }>();
  readonly #listeners = new Set<(name: string, call: string) => void>();
  #asked = 0;

  constructor() {
    this.#child = fork(join(import.meta.dirname, 'fleet-process.ts'), {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child.on('message', (told: Told) => this.#hear(told));
  }

  async start(name: string, options: Omit<StandinOptions, 'voice'>): Promise<FleetServer> {
    const { url } = (await this.order(name, { do: 'start', options })) as Look;
    return new FleetServer(this, { name, url, folder: options.folder });
  }

  order(name: string, order: Order): Promise<unknown> {
    const id = (this.#asked += 1);
    const asked: Asked = { id, name, order };
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send(asked);
    });
  }

  /** Called at each fault; returns what ends it. */
  onFault(listener: (name: string, call: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.disconnect();
    await ended;
  }

  #hear(told: Told): void {
    if ('fault' in told) {
      for (const listener of this.#listeners) listener(told.name, told.fault);
      return;
    }
    const waiting = this.#waiting.get(told.id);
    this.#waiting.delete(told.id);
    if ('problem' in told) waiting?.reject(new Error(told.problem));
    else waiting?.resolve(told.result);
  }
}

export class FleetServer {
  readonly name: string;
  readonly url: string;
  /** Its models folder. */
  readonly folder: string;
  readonly #fleet: StandinFleet;

  constructor(fleet: StandinFleet, { name, url, folder }: { readonly name: string; readonly url: string; readonly folder: string }) {
    [this.#fleet, this.name, this.url, this.folder] = [fleet, name, url, folder];
  }

  order(order: Order): Promise<unknown> {
    return this.#fleet.order(this.name, order);
  }

  async look(): Promise<Look> {
    return (await this.order({ do: 'look' })) as Look;
  }

  async calls(from: number): Promise<readonly string[]> {
    return (await this.order({ do: 'calls', from })) as string[];
  }

  /** In place of the faults before. Returns how many calls it has heard so far. */
  async misbehave(...faults: readonly Fault[]): Promise<number> {
    return (await this.order({ do: 'misbehave', faults })) as number;
  }

  /** Resolves with the call at the next fault. */
  nextFault(): Promise<string> {
    return new Promise((resolve) => {
      const stop = this.#fleet.onFault((name, call) => {
        if (name !== this.name) return;
        stop();
        resolve(call);
      });
    });
  }
}

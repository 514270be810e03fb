/** Children that the window's shell starts for the core: in a packed app nobody else can start one. */
import type { FromCoreProcess, ToCoreProcess } from '../../shared/contracts/shell-link.ts';
import type { Child, ChildListener, Transport } from './transport.ts';

type ChildNews = Extract<ToCoreProcess, { child: number }>;

interface Known {
  readonly listener: ChildListener;
  pid: number | undefined;
}

export class ShellTransport implements Transport {
  readonly #send: (message: FromCoreProcess) => void;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #children = new Map<number, Known>();
  #count = 0;

  /** `environment`: for every child besides its own; the shell's is not this process's. */
  constructor(send: (message: FromCoreProcess) => void, environment: Readonly<Record<string, string>>) {
    this.#send = send;
    this.#environment = environment;
  }

  start(entry: string, environment: Readonly<Record<string, string>>, listener: ChildListener): Child {
    this.#count += 1;
    const child = this.#count;
    const known: Known = { listener, pid: undefined };
    this.#children.set(child, known);
    this.#send({ kind: 'child-start', child, entry, environment: { ...this.#environment, ...environment } });
    return {
      get pid() {
        return known.pid;
      },
      send: (message) => this.#send({ kind: 'child-hears', child, message }),
      kill: () => this.#send({ kind: 'child-kill', child }),
    };
  }

  /** What the shell tells of a child. One that has ended is known no more. */
  hear(news: ChildNews): void {
    const known = this.#children.get(news.child);
    if (known === undefined) return;
    switch (news.kind) {
      case 'child-began':
        known.pid = news.pid;
        return;
      case 'child-says':
        return known.listener.onMessage(news.message);
      case 'child-wrote':
        return known.listener.onOutput(news.line);
      case 'child-ended':
        this.#children.delete(news.child);
        return known.listener.onExit({ code: news.exit.code, signal: news.exit.signal as NodeJS.Signals | null });
    }
  }
}

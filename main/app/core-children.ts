/** Processes that the core has started here, since only the shell can. They end with the core that asked for them. */
import { sep } from 'node:path';
import type { FromCoreProcess, ToCoreProcess } from '../../shared/contracts/shell-link.ts';
import type { Child, Transport } from '../workers/transport.ts';

type ChildOrder = Extract<FromCoreProcess, { child: number }>;

export interface CoreChildrenParts {
  readonly transport: Transport;
  /** The only folder from which anything is started. */
  readonly entries: string;
  readonly tell: (message: ToCoreProcess) => void;
}

export class CoreChildren {
  readonly #parts: CoreChildrenParts;
  readonly #children = new Map<number, Child>();

  constructor(parts: CoreChildrenParts) {
    this.#parts = parts;
  }

  get count(): number {
    return this.#children.size;
  }

  obey(order: ChildOrder): void {
    if (order.kind === 'child-start') return this.#start(order);
    const child = this.#children.get(order.child);
    if (order.kind === 'child-hears') child?.send(order.message);
    else child?.kill();
  }

  killAll(): void {
    this.#children.forEach((child) => child.kill());
  }

  #start({ child, entry, environment }: Extract<ChildOrder, { kind: 'child-start' }>): void {
    const { transport, entries, tell } = this.#parts;
    if (!entry.startsWith(entries + sep)) {
      tell({ kind: 'child-wrote', child, line: `${entry} is no program of this app` });
      return tell({ kind: 'child-ended', child, exit: { code: null, signal: null } });
    }
    const started = transport.start(entry, environment, {
      onMessage: (message) => tell({ kind: 'child-says', child, message }),
      onOutput: (line) => tell({ kind: 'child-wrote', child, line }),
      onExit: (exit) => {
        this.#children.delete(child);
        tell({ kind: 'child-ended', child, exit });
      },
    });
    this.#children.set(child, started);
    this.#tellPid(child, started);
  }

  /** Electron knows it a moment later. */
  #tellPid(child: number, started: Child, tries = 100): void {
    if (started.pid !== undefined) this.#parts.tell({ kind: 'child-began', child, pid: started.pid });
    else if (tries > 0 && this.#children.has(child)) setTimeout(() => this.#tellPid(child, started, tries - 1), 20);
  }
}

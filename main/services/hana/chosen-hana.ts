/** The HANA that facts are told to, as those who tell them know it. */
import type { HanaConnection } from '../../../shared/domain/hana-connection.ts';
import type { HanaRows } from '../../store/hana-rows.ts';
import type { Connection } from '../connection.ts';

export class ChosenHana implements Connection {
  readonly #rows: HanaRows;
  readonly #listeners: (() => void)[] = [];
  #id: string | null;

  constructor(rows: HanaRows) {
    this.#rows = rows;
    this.#id = idIn(rows);
  }

  get id(): string | null {
    return this.#id;
  }

  /** By which the door knows it; null: there is none. */
  get name(): string | null {
    return this.#rows.chosen()?.connection.name ?? null;
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** What is stored may have changed. */
  look(): void {
    const id = idIn(this.#rows);
    if (id === this.#id) return;
    this.#id = id;
    for (const listener of this.#listeners) listener();
  }
}

const idIn = (rows: HanaRows): string | null => {
  const chosen = rows.chosen();
  return chosen === null ? null : hanaId(chosen.connection);
};

/** Where the tables are: another user or driver leads to the same, another schema does not. */
export const hanaId = ({ host, port, database, schema, user }: HanaConnection): string =>
  `hana://${host.toLowerCase()}:${String(port)}/${database ?? ''}/${(schema ?? user).toUpperCase()}`;

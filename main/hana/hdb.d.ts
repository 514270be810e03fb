/** The part of `hdb` that is used; the package brings no types. */
declare module 'hdb' {
  import type { EventEmitter } from 'node:events';
  import type { Readable } from 'node:stream';

  export interface HdbColumn {
    readonly columnDisplayName: string;
    readonly dataType: number;
  }
  export interface HdbResultSet {
    readonly metadata: readonly HdbColumn[];
    readonly closed: boolean;
    createArrayStream(rows: number): Readable;
    close(done: (error?: Error) => void): void;
  }
  export interface HdbLob {
    createReadStream(): Readable;
  }
  type Answer = number | readonly number[] | HdbResultSet | undefined;
  type Done = (error: Error | null | undefined, answer?: Answer) => void;
  export interface HdbStatement {
    readonly parameterMetadata: readonly { readonly dataType: number }[] | undefined;
    execute(values: readonly unknown[], options: { readonly rowsAsArray: boolean }, done: Done): void;
    drop(done: (error?: Error) => void): void;
  }
  export interface HdbClient extends EventEmitter {
    connect(done: (error?: Error) => void): void;
    execute(sql: string, options: { readonly rowsAsArray: boolean }, done: Done): void;
    prepare(sql: string, done: (error: Error | null | undefined, statement: HdbStatement) => void): void;
    setAutoCommit(on: boolean): void;
    commit(done: (error?: Error | null) => void): void;
    rollback(done: (error?: Error | null) => void): void;
    disconnect(done: (error?: Error | null) => void): void;
    destroy(): void;
  }
  export function createClient(options: Readonly<Record<string, unknown>>): HdbClient;
}

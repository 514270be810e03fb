/** A row of the route table: the server, the description of the API and its page are made from these. */
import type { z } from 'zod';
import { calls, type CallName, type InputOf, type OutputOf } from '../../shared/contracts/calls.ts';
import type { Role } from '../../shared/domain/role.ts';

export type BoundCall = <N extends CallName>(name: N, input: InputOf<N>) => Promise<OutputOf<N>>;

export interface Asked<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** The contract table, as whoever asks may use it. */
  readonly call: BoundCall;
}

export interface Given {
  readonly value: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of the entry that is answered: its ETag. */
  readonly revision?: number;
}

/** Routes that the server answers with parts of its own. */
export type OwnRoute = 'page' | 'pageFile' | 'login' | 'events' | 'openapi' | 'metrics';

interface Shape<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> {
  readonly method: 'GET' | 'POST';
  /** As OpenAPI writes it: `/v1/training/status/{id}`. */
  readonly path: string;
  /** The part of the page it stands in. */
  readonly part: string;
  /** One sentence. */
  readonly does: string;
  /** null: no token is needed. */
  readonly role: Role | null;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly status: number;
  /** Of JSON; else the media type. */
  readonly answer: z.ZodType | string;
  /** Its answer holds a secret: no Idempotency-Key. */
  readonly secret?: true;
  /** It changes one entry that has a revision: If-Match holds. */
  readonly isConditional?: true;
  readonly handle: OwnRoute | ((asked: Asked<z.output<Params>, z.output<Query>, z.output<Body>>) => Given | Promise<Given>);
}

// Rows of different schemas in one table: each is checked where it is written, by `route`.
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- see the line above
export type Route = Shape<any, any, any>;

/** Keeps the schemas' types while the row is written. */
export const route = <Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(row: Shape<Params, Query, Body>): Route => row;

/** What a row says as the call behind it: the same words, the same role. */
export const asCall = (name: CallName): Pick<Route, 'does' | 'role'> => ({ does: calls[name].does, role: calls[name].role });

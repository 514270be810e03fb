/** What is behind a session: which HANA, as whom, with which rights, how far its clock is off and how long an answer takes. Changes nothing. */
import type { HanaReport, MissingRight } from '../../../shared/contracts/hana-calls.ts';
import type { HanaConnection } from '../../../shared/domain/hana-connection.ts';
import { endsHanaSession } from '../../../shared/domain/hana-failure.ts';
import type { HanaRow, HanaSession } from './hana-session.ts';
import { hanaTime } from './hana-time.ts';
import { schemaSteps } from './schema/steps.ts';

type Found = NonNullable<HanaReport['found']>;

const pings = 3;

export async function examineHana(session: HanaSession, { schema: wanted }: HanaConnection): Promise<Found> {
  const clock = await readClock(session);
  const database = await tried(session, 'SELECT DATABASE_NAME, VERSION FROM SYS.M_DATABASE');
  const { USER_NAME: user, SCHEMA_NAME: schema } = (await one(session, 'SELECT CURRENT_USER AS USER_NAME, CURRENT_SCHEMA AS SCHEMA_NAME FROM DUMMY')) ?? {};
  const names = { user: String(user), schema: wanted?.toUpperCase() ?? String(schema) };
  const step = await tried(session, 'SELECT MAX(VERSION) AS VERSION FROM LATHE_SCHEMA_MIGRATIONS');
  return {
    version: textIn(database, 'VERSION'),
    database: textIn(database, 'DATABASE_NAME'),
    ...names,
    missing_rights: await missingRights(session, names),
    schema_version: step === null || step['VERSION'] === null ? null : Number(step['VERSION']),
    newest_schema_version: Math.max(...schemaSteps.map(({ version }) => version)),
    ...clock,
  };
}

/** Of the quickest answer: the slower ones were held up. */
async function readClock(session: HanaSession): Promise<Pick<Found, 'clock_difference_ms' | 'round_trip_ms'>> {
  let best = { clock_difference_ms: 0, round_trip_ms: Number.POSITIVE_INFINITY };
  for (let ping = 0; ping < pings; ping += 1) {
    const asked = performance.now();
    const row = await one(session, 'SELECT CURRENT_UTCTIMESTAMP AS UTC_NOW FROM DUMMY');
    const trip = performance.now() - asked;
    if (trip >= best.round_trip_ms) continue;
    const middle = Date.now() - trip / 2;
    best = { clock_difference_ms: Math.round((hanaTime(row?.['UTC_NOW']) ?? middle) - middle), round_trip_ms: Math.round(trip * 10) / 10 };
  }
  return best;
}

const one = async (session: HanaSession, sql: string, params: readonly string[] = []): Promise<HanaRow | null> => (await session.query(sql, params))[0] ?? null;

/** null: this HANA has no such view, or this user may not see it. Throws where the session is lost. */
async function tried(session: HanaSession, sql: string): Promise<HanaRow | null> {
  try {
    return await one(session, sql);
  } catch (error) {
    if (endsHanaSession(error)) throw error;
    await session.rollback();
    return null;
  }
}

const textIn = (row: HanaRow | null, column: string): string | null => (typeof row?.[column] === 'string' ? row[column] : null);

const neededRights = [
  { right: 'SELECT', needed_for: 'reading what others told' },
  { right: 'INSERT', needed_for: 'telling what was made here' },
  { right: 'UPDATE', needed_for: 'telling what was changed here' },
  { right: 'DELETE', needed_for: 'clearing away what was taken away' },
  { right: 'CREATE ANY', needed_for: 'lathe init --hana, unless an administrator runs its script' },
] as const;

/** Whoever owns a schema may do everything in it. null: it cannot be told. */
async function missingRights(session: HanaSession, { user, schema }: Pick<Found, 'user' | 'schema'>): Promise<MissingRight[] | null> {
  if (user === schema) return [];
  const sql =
    "SELECT PRIVILEGE FROM SYS.EFFECTIVE_PRIVILEGES WHERE USER_NAME = ? AND SCHEMA_NAME = ? AND OBJECT_TYPE IN ('SCHEMA', 'DATABASE') AND IS_VALID = 'TRUE'";
  let rows: readonly HanaRow[];
  try {
    rows = await session.query(sql, [user, schema]);
  } catch (error) {
    if (endsHanaSession(error)) throw error;
    await session.rollback();
    return null;
  }
  const has = new Set(rows.map((row) => String(row['PRIVILEGE'])));
  return neededRights.filter(({ right }) => !has.has(right)).map((each) => ({ ...each, grant: grantOf(each.right, { user, schema }) }));
}

export const grantOf = (right: string, { user, schema }: Pick<Found, 'user' | 'schema'>): string => `GRANT ${right} ON SCHEMA "${schema}" TO "${user}"`;

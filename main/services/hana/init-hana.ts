/** `lathe init --hana`: makes or migrates Lathe's tables, or says what would be done. */
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type { OutputOf } from '../../../shared/contracts/calls.ts';
import type { HanaConnection } from '../../../shared/domain/hana-connection.ts';
import packageJson from '../../../package.json' with { type: 'json' };
import type { HanaSession } from './hana-session.ts';
import { migrateSchema, readSteps } from './schema/migrate-schema.ts';
import { schemaScript } from './schema/schema-script.ts';

/** Names this LATHE_HOME among those that may be at the schema, without its path. */
export const schemaHolder = (home: string): string => `${hostname()}/${createHash('sha256').update(home).digest('hex').slice(0, 8)}`;

export interface InitParts {
  readonly session: HanaSession;
  readonly connection: HanaConnection;
  readonly home: string;
}

/** Throws HANA_SCHEMA_BUSY, HANA_SCHEMA_CHANGED, HANA_RIGHTS_MISSING, HANA_*. */
export async function initHana({ session, connection, home }: InitParts): Promise<OutputOf<'hana.init'>> {
  const { had, made } = await migrateSchema({ session, holder: schemaHolder(home), lathe: packageJson.version });
  return { connection: connection.name, had: [...had], made: [...made], script: null };
}

/** Changes nothing. */
export async function planHana({ session, connection }: Omit<InitParts, 'home'>): Promise<OutputOf<'hana.init'>> {
  const had = await readSteps(session);
  const [names] = await session.query('SELECT CURRENT_USER AS USER_NAME, CURRENT_SCHEMA AS SCHEMA_NAME FROM DUMMY');
  const script = schemaScript({ schema: String(names?.['SCHEMA_NAME']), user: String(names?.['USER_NAME']), lathe: packageJson.version, had });
  return { connection: connection.name, had: [...(had ?? [])], made: [], script };
}

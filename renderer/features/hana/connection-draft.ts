/** A connection as it is written in a form, and what is wrong with it by the schema that the core checks it with. Pure. */
import { cloudPort, HanaConnection, type HanaDriver } from '../../../shared/domain/hana-connection.ts';
import { fieldProblem, given } from '../../components/written.ts';
import { texts } from '../../texts/texts.ts';

/** Empty texts: not given. */
export interface ConnectionDraft {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly secret: string;
  readonly database: string;
  readonly schema: string;
  readonly driver: HanaDriver;
  readonly accepts_licence: boolean;
  readonly encrypt: boolean;
  readonly validate_certificate: boolean;
  readonly ca_file: string;
  readonly certificate_host: string;
  readonly connect_timeout_seconds: number;
  readonly answer_timeout_seconds: number;
  readonly artifact_folder: string;
}

/** What a part of the form is given: `problem` says what is wrong with a field, once it was tried. */
export interface DraftProps {
  readonly draft: ConnectionDraft;
  readonly change: (changes: Partial<ConnectionDraft>) => void;
  readonly problem: (field: string) => string | null;
}

export const emptyConnection: ConnectionDraft = {
  ...{ name: '', host: '', port: cloudPort, user: '', secret: '', database: '', schema: '', driver: 'hdb', accepts_licence: false },
  ...{ encrypt: true, validate_certificate: true, ca_file: '', certificate_host: '', connect_timeout_seconds: 15, answer_timeout_seconds: 60 },
  artifact_folder: '',
};

export const draftOfConnection = ({ database, schema, ca_file, certificate_host, artifact_folder, ...given }: HanaConnection): ConnectionDraft => ({
  ...given,
  ...{ database: database ?? '', schema: schema ?? '', ca_file: ca_file ?? '', certificate_host: certificate_host ?? '' },
  ...{ artifact_folder: artifact_folder ?? '', accepts_licence: given.driver === 'hana-client' },
});

export interface ReadConnection {
  /** null: something is wrong. */
  readonly connection: HanaConnection | null;
  readonly problems: Readonly<Record<string, string>>;
}

export function readConnection({ accepts_licence: accepts, ...draft }: ConnectionDraft): ReadConnection {
  const { name, host, user, secret, database, schema, ca_file, certificate_host, artifact_folder } = draft;
  const input = {
    ...draft,
    ...{ name: name.trim(), host: host.trim(), user: user.trim(), secret: secret.trim(), database: given(database), schema: given(schema) },
    ...{ ca_file: given(ca_file), certificate_host: given(certificate_host), artifact_folder: given(artifact_folder) },
  };
  const parsed = HanaConnection.safeParse(input);
  const problems: Record<string, string> = draft.driver === 'hana-client' && !accepts ? { driver: texts.hana.form.licenceMissing } : {};
  if (parsed.success) return { connection: Object.keys(problems).length === 0 ? parsed.data : null, problems };
  for (const { path, message } of parsed.error.issues) {
    const field = path.join('.');
    problems[field] ??= fieldProblem(input[field as keyof typeof input], message);
  }
  return { connection: null, problems };
}

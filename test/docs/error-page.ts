/** resources/docs/errors.md: the error table, one section an exit code. */
import { errorCodes } from '../../shared/errors/codes.ts';
import { exitCodes, type ErrorRow, type ExitKind } from '../../shared/errors/error-row.ts';
import { heading, table, type GeneratedPage } from './generated-page.ts';

const kinds: Readonly<Record<ExitKind, string>> = {
  bug: 'a bug in Lathe',
  usage: 'wrong usage or configuration',
  data: 'wrong input data',
  fit: 'does not fit this machine',
  gate: 'a gate said no',
  remote: 'a remote system failed',
  cancelled: 'cancelled',
};

const retries: Readonly<Record<ErrorRow['retry'], string>> = {
  now: 'as it is',
  resume: 'resume the run',
  change: 'after a change',
  never: 'no: report it',
};

/** Placeholders as a reader sees them: `{path}` becomes *path*. */
const readable = (text: string): string => text.replace(/\{(\w+)\}/g, '*$1*');

function section(kind: ExitKind): string {
  const rows = Object.entries<ErrorRow>(errorCodes).filter(([, row]) => row.exit === kind);
  if (rows.length === 0) return '';
  const cells = rows.map(([code, row]) => [`\`${code}\``, readable(row.message), readable(row.remedy), retries[row.retry], String(row.http)]);
  return `\n## Exit code ${exitCodes[kind]}: ${kinds[kind]}\n\n${table(['Code', 'What it says', 'What to do', 'Try again', 'HTTP'], cells)}\n`;
}

const introduction = `
An error is one line: what and where, then what to do. Scripts go by the exit code, programs by the code (\`--json\` prints it as
\`{"event":"error","code":…,"message":…,"remedy":…}\`), never by the text. Words in *italics* stand for the facts of the case.
`;

export const errorPage: GeneratedPage = {
  path: 'resources/docs/errors.md',
  make: () => heading('Errors', 'shared/errors') + introduction + (Object.keys(kinds) as ExitKind[]).map(section).join(''),
};

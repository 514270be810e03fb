/** resources/docs/api.md and openapi.json: the public door, from its route table. */
import { roles } from '../../shared/domain/role.ts';
import { coreEvents } from '../../shared/contracts/calls.ts';
import { eventRoles } from '../../shared/contracts/event-roles.ts';
import { openApi } from '../../main/rest/openapi.ts';
import { routes } from '../../main/rest/routes.ts';
import { heading, table, type GeneratedPage } from './generated-page.ts';

const introduction = `
\`lathe serve\` answers HTTP on \`http://127.0.0.1:4517\` (\`--port\`, \`--host\`, \`--host-name\`, \`--tls-cert\` and \`--tls-key\`). [openapi.json](openapi.json) describes every body and
answer; the host itself serves it at \`/v1/openapi.json\`.

\`\`\`sh
TOKEN=$(cat "$LATHE_HOME/token")
curl -s http://127.0.0.1:4517/v1/training/start -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' \\
  -d '{"model_name": "lathe-base", "dataset_name": "support", "config": {"epochs": 3, "batch_size": 4, "learning_rate": 2e-4}}'
curl -s http://127.0.0.1:4517/v1/training/status/RUN -H "Authorization: Bearer $TOKEN"
curl -sN http://127.0.0.1:4517/v1/events?run=RUN -H "Authorization: Bearer $TOKEN"
\`\`\`

- **Who may what.** The first start makes an admin's token and keeps it in \`LATHE_HOME/token\` (mode 0600). \`lathe token create --name ci --role trainer --expires 30d\` makes
  others, \`lathe token revoke ci\` ends one at once. Roles, each with the rights of those before it: ${roles.map((role) => `\`${role}\``).join(', ')}.
- **Files.** \`model_name\`, \`dataset_name\` and every other field that names a file take a name from the shelves; only an admin may give an absolute path.
- **Errors** are \`application/problem+json\`; go by \`code\` ([errors](errors.md)). A request that says a wrong thing is refused with the place of it (\`body.config.epoch\`).
- **Once.** A POST with an \`Idempotency-Key\` that is asked again is answered as before and not done again (for a day; \`Idempotency-Replayed: true\`). The same key with another body is
  refused (422). After a crash in between the host says that it does not know (409).
- **Revisions.** Answers about a run or a version carry an \`ETag\`; \`If-None-Match\` saves the answer (304), \`If-Match\` refuses a change of what has changed meanwhile (412); it is compared in the transaction of the change.
- **Pages.** Lists take \`limit\` and \`after\`, and answer \`next\`: the \`after\` of the next page, or null.
- **Events.** Each has an id; \`Last-Event-ID\` goes on after it. \`reset\` says that too much was missed: ask for the state anew. \`closing\` says that the host ends. Events are a hint, the
  store is the truth.
- **Browsers** come in by the link that \`lathe serve\` prints, once. Other sites' pages are refused by \`Host\` and \`Origin\`.
- **Behind a proxy** name what it is reached under: \`--host-name lathe.example.org\` (with a port of its own \`lathe.example.org:8443\`; it may be repeated). Requests with any other \`Host\` or
  \`Origin\` are refused. The proxy should pass \`Host\` and \`Origin\` on as they came, and buffer no event streams.
- **Beyond this machine** (\`--host\`) give a certificate: without one the host warns, since anybody on the way can read the tokens.
`;

function section(part: string): string {
  const rows = routes.filter((row) => row.part === part);
  const cells = rows.map(({ method, path, role, does }) => [`\`${method} ${path}\``, role ?? 'nobody’s', does]);
  return `\n## ${part}\n\n${table(['Request', 'Role', 'What it does'], cells)}\n`;
}

const events = (): string =>
  `\n## Names of events\n\n${table(
    ['Event', 'Role'],
    Object.keys(coreEvents).map((name) => [`\`${name}\``, eventRoles[name as keyof typeof coreEvents]]),
  )}\n`;

export const apiPages: readonly GeneratedPage[] = [
  {
    path: 'resources/docs/api.md',
    make: () =>
      heading('HTTP', 'main/rest/routes.ts and shared/contracts') +
      introduction +
      [...new Set(routes.map(({ part }) => part))].map(section).join('') +
      events(),
  },
  { path: 'resources/docs/openapi.json', make: openApi },
];

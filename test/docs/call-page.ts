/** resources/docs/calls.md: the contract table of the core. */
import { z } from 'zod';
import { calls, coreEvents } from '../../shared/contracts/calls.ts';
import type { CallRow } from '../../shared/contracts/call.ts';
import { heading, table, type GeneratedPage } from './generated-page.ts';

const introduction = `
What the core can be asked, by the window, the command line and HTTP alike, and what it tells. A role may do what those before it may: viewer,
trainer, deployer, admin. Fields in *italics* may be left out. The schemas are in \`shared/contracts\`.
`;

/** Names of the fields, or what it is where it has none. */
function fieldsOf(schema: z.ZodType, io: 'input' | 'output'): string {
  const { properties, required = [], type } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  if (properties === undefined) return type === 'null' ? 'nothing' : String(type ?? 'any of several');
  const names = Object.keys(properties);
  if (names.length === 0) return 'nothing';
  return names.map((name) => (io === 'input' && !required.includes(name) ? `*${name}*` : name)).join(', ');
}

const rows = Object.entries<CallRow>(calls).map(([name, { does, role, input, output }]) => [
  `\`${name}\``,
  does,
  role,
  fieldsOf(input, 'input'),
  fieldsOf(output, 'output'),
]);

const events = Object.entries<z.ZodType>(coreEvents).map(([name, schema]) => [`\`${name}\``, fieldsOf(schema, 'output')]);

export const callPage: GeneratedPage = {
  path: 'resources/docs/calls.md',
  make: () =>
    `${heading('Calls and events', 'shared/contracts')}${introduction}\n## Calls\n\n${table(['Call', 'Does', 'Role', 'Takes', 'Answers'], rows)}\n\n## Events\n\n${table(['Event', 'Carries'], events)}\n`,
};

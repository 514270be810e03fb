/** The text of a configuration is found in the page, whatever it holds. */
import { expect, it } from 'vitest';
import { folderIn } from './models-folder.ts';
import { textInEditPage } from './edit-page.ts';

it('unescapes what the page escapes', () => {
  const page =
    '<script>\n  const initialValue = `name: a # \\u003cb\\u003e\\nparameters:\\n  model: base\\/x.gguf\\n  q: \\x27\\\\\\`\\$\\t\\x27`;\n const other = `x`;';
  expect(textInEditPage(page)).toBe("name: a # <b>\nparameters:\n  model: base/x.gguf\n  q: '\\`$\t'");
});

it('finds nothing where there is nothing', () => {
  expect(textInEditPage('<html></html>')).toBeNull();
});

it('finds the folder of models in the failure that names it', () => {
  const said = (error: string): string => JSON.stringify({ success: false, error });
  expect(folderIn(said('Failed to write configuration file: open /srv/my models/asks/where.yaml: no such file or directory'), 'asks/where')).toBe(
    '/srv/my models',
  );
  expect(folderIn(said('an error occurred'), 'asks/where')).toBeNull();
  expect(folderIn('', 'asks/where')).toBeNull();
});

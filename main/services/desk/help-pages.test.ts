import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectFiles } from '../../platform/project-files.ts';
import { HelpPages } from './help-pages.ts';

describe('help', () => {
  const help = new HelpPages(projectFiles.docs);

  it('lists pages that are there, each with its title, in the order of help.json', () => {
    const { pages } = help.list();
    expect(pages[0]?.id).toBe('getting-started');
    for (const { id, title } of pages) {
      expect(existsSync(join(projectFiles.docs, `${id}.md`))).toBe(true);
      expect(help.get(id)).toMatchObject({ title, markdown: expect.stringContaining(`# ${title}`) });
    }
    expect(new Set(pages.map(({ title }) => title)).size).toBe(pages.length);
  });

  it.each(['nobody', '../../package', 'adr/0001-node-24-from-npm', '', '__proto__'])('knows no page %j, whatever file that might be', (id) => {
    expect(() => help.get(id)).toThrow(expect.objectContaining({ code: 'PAGE_UNKNOWN' }));
  });
});

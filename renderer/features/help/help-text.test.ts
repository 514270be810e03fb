import { describe, expect, it } from 'vitest';
import { Anchors } from './anchors.ts';
import { headingIds } from './heading-ids.ts';
import { helpTarget } from './help-links.ts';
import { helpSections } from './help-sections.ts';
import { searchHelp } from './search-help.ts';

const markdown = `# Errors

What every message means.

## Exit codes

| code | means |
| --- | --- |
| 3 | wrong **input** |

\`\`\`sh
# no heading
lathe inspect rows.jsonl
\`\`\`

## \`DATASET_*\`: rows

See [the recipe](values.md).

## Exit codes
`;

describe('anchors', () => {
  it('are made as others make them, and numbered where they come again', () => {
    const anchors = new Anchors();
    expect(['Exit codes', 'A_b-c: d’e (f)!', 'Exit codes', 'Größe'].map((heading) => anchors.idOf(heading))).toEqual([
      'exit-codes',
      'a_b-c-de-f',
      'exit-codes-1',
      'größe',
    ]);
  });
});

describe('sections', () => {
  const sections = helpSections(markdown);

  it('have titles, levels and text without marks; code begins none', () => {
    expect(sections.map(({ id, title, level }) => [id, title, level])).toEqual([
      [null, 'Errors', 1],
      ['exit-codes', 'Exit codes', 2],
      ['dataset_-rows', 'DATASET_*: rows', 2],
      ['exit-codes-1', 'Exit codes', 2],
    ]);
    expect(sections[1]?.text).toBe('code means 3 wrong input # no heading lathe inspect rows.jsonl');
    expect(sections[2]?.text).toBe('See the recipe.');
  });

  it('have the anchors that the drawn headings have', () => {
    const heading = (tagName: string, ...children: { type: string; tagName?: string; value?: string; children?: { type: string; value: string }[] }[]) => ({
      type: 'element',
      tagName,
      properties: {} as Record<string, unknown>,
      children,
    });
    const text = (value: string) => ({ type: 'text', value });
    const drawn = [
      heading('h1', text('Errors')),
      heading('h2', text('Exit codes')),
      heading('h2', { type: 'element', tagName: 'code', children: [text('DATASET_*')] }, text(': rows')),
      heading('h2', text('Exit codes')),
    ];
    headingIds()({ type: 'root', children: drawn });
    expect(drawn.slice(1).map(({ properties }) => properties['id'])).toEqual(sections.slice(1).map(({ id }) => id));
  });
});

describe('a link', () => {
  const pages = ['errors', 'values'];
  it.each([
    ['values.md', '/help/values'],
    ['./values.md#order', '/help/values#order'],
    ['#exit-codes', '/help/errors#exit-codes'],
  ])('%s leads to %s', (href, path) => {
    expect(helpTarget(href, 'errors', pages)).toBe(path);
  });

  it.each(['https://example.org/values.md', 'adr/0001-x.md', '../values.md', 'openapi.json', 'unknown.md', ''])('%s leads nowhere', (href) => {
    expect(helpTarget(href, 'errors', pages)).toBeNull();
  });
});

describe('a search', () => {
  const pages = [
    { id: 'errors', title: 'Errors', markdown },
    { id: 'exits', title: 'Exit', markdown: `# Exit\n\n${'word '.repeat(60)}needle ${'word '.repeat(60)}` },
  ];

  it('finds every word in any order, headings first', () => {
    expect(searchHelp(pages, 'WRONG code').map(({ page, anchor }) => [page, anchor])).toEqual([['errors', 'exit-codes']]);
    expect(searchHelp(pages, 'exit').map(({ page, section }) => [page, section])).toEqual([
      ['errors', 'Exit codes'],
      ['errors', 'Exit codes'],
      ['exits', null],
    ]);
    expect(searchHelp(pages, 'wrong nothing')).toEqual([]);
    expect(searchHelp(pages, '  ')).toEqual([]);
  });

  it('shows some words around the hit', () => {
    const [found] = searchHelp(pages, 'needle');
    expect(found?.excerpt).toMatch(/^… (word )+needle (word )*word …$/);
    expect(found?.excerpt.length).toBeLessThan(220);
  });
});

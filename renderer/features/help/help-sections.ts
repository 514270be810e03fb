/** A page of help in its sections: what the outline shows and what is searched. */
import { Anchors } from './anchors.ts';

export interface HelpSection {
  /** null: what comes before the first heading. */
  readonly id: string | null;
  readonly title: string;
  /** 2 and deeper; the page's own heading is 1. */
  readonly level: number;
  /** Without the marks of Markdown. */
  readonly text: string;
}

export function helpSections(markdown: string): readonly HelpSection[] {
  const anchors = new Anchors();
  const sections: { id: string | null; title: string; level: number; lines: string[] }[] = [];
  let isCode = false;
  for (const line of markdown.split('\n')) {
    if (/^\s*(```|~~~)/.test(line)) {
      isCode = !isCode;
      continue;
    }
    const [, marks = '', heading = ''] = isCode ? [] : (/^(#{1,6}) +(.+?)(?: +#+)?$/.exec(line) ?? []);
    if (marks === '') {
      if (sections.length === 0) sections.push({ id: null, title: '', level: 1, lines: [] });
      sections.at(-1)?.lines.push(line);
      continue;
    }
    const title = plainText(heading);
    // Every heading takes its anchor, so that both ways of numbering agree.
    const id = anchors.idOf(title);
    sections.push({ id: marks.length === 1 ? null : id, title, level: marks.length, lines: [] });
  }
  return sections.map(({ lines, ...section }) => ({ ...section, text: plainText(lines.join('\n')).replaceAll(/\s+/g, ' ').trim() }));
}

const plainText = (markdown: string): string =>
  markdown
    .replaceAll(/<!--.*?-->/gs, '')
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/^\s*[-:| ]+\|[-:| ]*$/gm, '')
    .replaceAll(/\*\*|`|^\s*[-*] |^\s*>\s?/gm, '')
    .replaceAll('|', ' ')
    .trim();

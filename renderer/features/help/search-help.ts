/** Finds words in the titles and texts of help. */
import { helpSections } from './help-sections.ts';

export interface SearchedPage {
  readonly id: string;
  readonly title: string;
  readonly markdown: string;
}

export interface FoundPlace {
  readonly page: string;
  readonly anchor: string | null;
  /** Of the page, and of the section where it is another. */
  readonly title: string;
  readonly section: string | null;
  /** Some words around the first hit. */
  readonly excerpt: string;
}

const before = 60;
const after = 140;

/** Sections that have every word in their heading or text; those that have one in the heading first, then in the order of the pages. */
export function searchHelp(pages: readonly SearchedPage[], text: string): readonly FoundPlace[] {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [];
  const found = pages.flatMap(({ id, title, markdown }) =>
    helpSections(markdown).flatMap((section) => {
      const heading = (section.level === 1 ? title : section.title).toLowerCase();
      const whole = `${heading} ${section.text.toLowerCase()}`;
      if (!wanted.every((word) => whole.includes(word))) return [];
      const place = { page: id, anchor: section.id, title, section: section.level === 1 ? null : section.title, excerpt: excerptOf(section.text, wanted) };
      return [{ place, isInHeading: wanted.some((word) => heading.includes(word)) }];
    }),
  );
  return [...found.filter(({ isInHeading }) => isInHeading), ...found.filter(({ isInHeading }) => !isInHeading)].map(({ place }) => place);
}

function excerptOf(text: string, wanted: readonly string[]): string {
  const lower = text.toLowerCase();
  const hits = wanted.map((word) => lower.indexOf(word)).filter((at) => at >= 0);
  const at = hits.length === 0 ? 0 : Math.min(...hits);
  const from = at <= before ? 0 : text.indexOf(' ', at - before) + 1;
  const to = text.length <= from + before + after ? text.length : text.lastIndexOf(' ', from + before + after);
  return `${from > 0 ? '… ' : ''}${text.slice(from, to)}${to < text.length ? ' …' : ''}`;
}

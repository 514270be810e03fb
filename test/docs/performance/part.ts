/** One part of the performance page: from a section of the report to Markdown, or to the sentence that says what was not measured. */
import type { Report, SectionName, Sections } from '../../bench/report/report-schema.ts';

interface PartText<K extends SectionName> {
  readonly title: string;
  readonly section: K;
  readonly text: (section: NonNullable<Sections[K]>, sections: Sections) => string;
}

/** What a reader must know of how it was measured; written into the JSON by hand, since no program can know it. */
const remarkOf = ({ remark }: { readonly remark?: string | undefined }): string => (remark === undefined ? '' : `\n\n**Note.** ${remark}`);

export type Part = (report: Report) => string;

export const part =
  <K extends SectionName>({ title, section: name, text }: PartText<K>): Part =>
  ({ sections, missing }) => {
    const section = sections[name];
    const body =
      section === undefined
        ? `Not measured here: ${missing[name] ?? 'it was left out of this run'}.`
        : `${text(section, sections)}${remarkOf(section)}\n\n\`${section.command}\``;
    return `\n## ${title}\n\n${body}\n`;
  };

/** A chart of the page; charts.ts draws it under this name. */
export const chart = (name: string, what: string): string => `![${what}](performance/${name}.svg)`;

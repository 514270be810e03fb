/** Settings: sections with an address each, so that help, menus and messages can point to one. */
import type { ComponentType } from 'react';
import { useParams } from 'react-router';
import { Page } from '../../components/page.tsx';
import { SideList } from '../../components/side-list.tsx';
import { texts } from '../../texts/texts.ts';
import { AboutSection } from './about-section.tsx';
import { GateSection } from './gate-section.tsx';
import { GeneralSection } from './general-section.tsx';
import { LogsSection } from './logs-section.tsx';
import { PowerSection } from './power-section.tsx';
import { SecretsSection } from './secrets-section.tsx';
import { StorageSection } from './storage-section.tsx';
import { TokensSection } from './tokens-section.tsx';

const words = texts.settings;

type SectionId = keyof typeof words.sections;
const sections: Readonly<Record<SectionId, ComponentType>> = {
  general: GeneralSection,
  power: PowerSection,
  gate: GateSection,
  tokens: TokensSection,
  secrets: SecretsSection,
  storage: StorageSection,
  logs: LogsSection,
  about: AboutSection,
};
const ids = Object.keys(sections) as SectionId[];
const pathOf = (id: SectionId): string => `/settings/${id}`;
const items = ids.map((id) => ({ path: pathOf(id), title: words.sections[id] }));

export function View() {
  const { section } = useParams();
  const id = ids.find((each) => each === section) ?? 'general';
  const Section = sections[id];
  return (
    <Page title={words.title}>
      <SideList label={words.title} items={items} shown={pathOf(id)}>
        <Section />
      </SideList>
    </Page>
  );
}

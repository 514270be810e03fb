/** Parts of a view, one at a time. */
import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components';
import styles from './tabs.module.css';

export interface TabPart {
  readonly id: string;
  readonly title: string;
  readonly content: ReactNode;
}

interface TabsProps {
  readonly label: string;
  readonly parts: readonly TabPart[];
  /** Which one is shown, where the view keeps it; else the first, and whatever is chosen. */
  readonly shown?: string;
  readonly onShow?: (id: string) => void;
}

export const Tabs = ({ label, parts, shown, onShow }: TabsProps) => (
  <AriaTabs
    className={styles['tabs'] ?? ''}
    {...(shown !== undefined && { selectedKey: shown })}
    {...(onShow !== undefined && { onSelectionChange: (key) => onShow(String(key)) })}
  >
    <TabList aria-label={label} className={styles['list'] ?? ''}>
      {parts.map(({ id, title }) => (
        <Tab key={id} id={id} className={styles['tab'] ?? ''}>
          {title}
        </Tab>
      ))}
    </TabList>
    {parts.map(({ id, content }) => (
      <TabPanel key={id} id={id} className={styles['panel'] ?? ''}>
        {content}
      </TabPanel>
    ))}
  </AriaTabs>
);

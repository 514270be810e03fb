/** Parts of a view, one at a time. */
import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components';
import styles from './tabs.module.css';

export interface TabPart {
  readonly id: string;
  readonly title: string;
  readonly content: ReactNode;
}

export const Tabs = ({ label, parts }: { readonly label: string; readonly parts: readonly TabPart[] }) => (
  <AriaTabs className={styles['tabs'] ?? ''}>
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

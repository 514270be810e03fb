/** A part of a form that is opened when it is wanted. */
import type { ReactNode } from 'react';
import { ChevronRight } from 'lucide-react';
import { Button, Disclosure as AriaDisclosure, DisclosurePanel, Heading } from 'react-aria-components';
import styles from './disclosure.module.css';

interface DisclosureProps {
  readonly title: string;
  /** Beside the title: what is in it. */
  readonly note?: ReactNode;
  /** Among many under each other: lower, and not as loud. */
  readonly quiet?: boolean;
  readonly isOpenAtFirst?: boolean;
  /** Of its heading, below that of what it stands in. */
  readonly level?: 2 | 3;
  readonly children: ReactNode;
}

export const Disclosure = ({ title, note, quiet = false, isOpenAtFirst = false, level = 3, children }: DisclosureProps) => (
  <AriaDisclosure defaultExpanded={isOpenAtFirst} className={quiet ? `${styles['disclosure']} ${styles['quiet']}` : (styles['disclosure'] ?? '')}>
    <Heading level={level}>
      <Button slot="trigger" className={styles['trigger'] ?? ''}>
        <ChevronRight aria-hidden />
        <span>{title}</span>
        {note !== undefined && <span className={styles['note']}>{note}</span>}
      </Button>
    </Heading>
    <DisclosurePanel className={styles['panel'] ?? ''}>
      <div className={styles['content']}>{children}</div>
    </DisclosurePanel>
  </AriaDisclosure>
);

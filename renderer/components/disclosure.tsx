/** A part of a form that is opened when it is wanted. */
import type { ReactNode } from 'react';
import { ChevronRight } from 'lucide-react';
import { Button, Disclosure as AriaDisclosure, DisclosurePanel, Heading } from 'react-aria-components';
import styles from './disclosure.module.css';

interface DisclosureProps {
  readonly title: string;
  /** Beside the title: what is in it. */
  readonly note?: ReactNode;
  readonly isOpenAtFirst?: boolean;
  readonly children: ReactNode;
}

export const Disclosure = ({ title, note, isOpenAtFirst = false, children }: DisclosureProps) => (
  <AriaDisclosure defaultExpanded={isOpenAtFirst} className={styles['disclosure'] ?? ''}>
    <Heading level={3}>
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

/** Text of machines: to read and to copy. */
import { useState } from 'react';
import { texts } from '../texts/texts.ts';
import { Button } from './button.tsx';
import styles from './code.module.css';

const shownMs = 1_500;

/** `label`: its name, where what is copied is not at hand. */
export function CopyButton({ text, label }: { readonly text: string; readonly label?: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), shownMs);
  };
  return (
    <Button small look="quiet" onPress={() => void copy()} {...(label !== undefined && { 'aria-label': label })}>
      {isCopied ? texts.actions.copied : texts.actions.copy}
    </Button>
  );
}

export const Code = ({ children, label }: { readonly children: string; readonly label: string }) => (
  <figure className={styles['figure']}>
    <div className={styles['copy']}>
      <CopyButton text={children} />
    </div>
    {/* It scrolls, so it can be reached by keyboard. */}
    <pre className={styles['code']} tabIndex={0} aria-label={label}>
      {children}
    </pre>
  </figure>
);

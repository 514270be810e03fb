/** Takes a file that is dropped on what is in it. In a browser nothing can be dropped: a page there does not learn where a file lies. */
import { useState, type DragEvent, type ReactNode } from 'react';
import { useCore } from '../../bridge/core-context.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './files.module.css';

interface DropFileProps {
  /** An absolute path. */
  readonly onDrop: (path: string) => void;
  readonly children: ReactNode;
}

export function DropFile({ onDrop, children }: DropFileProps) {
  const { shell } = useCore();
  const [isOver, setOver] = useState(false);
  if (shell === null) return children;
  const over = (event: DragEvent): void => {
    event.preventDefault();
    setOver(true);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file !== undefined) onDrop(shell.pathOf(file));
  };
  return (
    <div className={styles['drop']} onDragOver={over} onDragLeave={() => setOver(false)} onDrop={drop}>
      {children}
      {isOver && <p className={styles['over']}>{texts.files.drop}</p>}
    </div>
  );
}

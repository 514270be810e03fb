/** Short words at the corner: what was done, or why it was not. They stay until they are closed where they tell of a failure. */
import {
  UNSTABLE_Toast as AriaToast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
  Text,
} from 'react-aria-components';
import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { isAppError } from '../../shared/errors/app-error.ts';
import { texts } from '../texts/texts.ts';
import { IconButton } from './button.tsx';
import styles from './toast.module.css';

interface Words {
  readonly title: string;
  readonly text?: string;
  readonly isFailure: boolean;
}

const queue = new ToastQueue<Words>({ maxVisibleToasts: 4 });
const shownMs = 6_000;

export const sayDone = (title: string, text?: string): void =>
  void queue.add({ title, ...(text !== undefined && { text }), isFailure: false }, { timeout: shownMs });

/** For actions whose failure has no other place. */
export const sayFailed = (error: unknown): void => {
  const title = error instanceof Error ? error.message : String(error);
  queue.add({ title, ...(isAppError(error) && { text: error.remedy }), isFailure: true });
};

export const Toasts = () => (
  <ToastRegion queue={queue} className={styles['region'] ?? ''}>
    {({ toast }) => (
      <AriaToast toast={toast} className={styles['toast'] ?? ''}>
        {toast.content.isFailure ? <CircleAlert aria-hidden className={styles['bad']} /> : <CircleCheck aria-hidden className={styles['good']} />}
        <ToastContent className={styles['content'] ?? ''}>
          <Text slot="title">{toast.content.title}</Text>
          {toast.content.text !== undefined && (
            <Text slot="description" className="muted">
              {toast.content.text}
            </Text>
          )}
        </ToastContent>
        <IconButton slot="close" label={texts.actions.close}>
          <X aria-hidden />
        </IconButton>
      </AriaToast>
    )}
  </ToastRegion>
);

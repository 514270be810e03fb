/** The one door through which a page speaks to the shell: who asks is checked, and what is asked is parsed. */
import { ipcMain, type IpcMainEvent, type IpcMainInvokeEvent, type WebContents } from 'electron';
import type { z } from 'zod';
import { AppError } from '../../shared/errors/app-error.ts';
import { isPageUrl } from './page-answer.ts';

/** The top frame of our own page, and not one that it, or whoever broke into it, has put inside. */
export function isTrusted({ senderFrame, sender }: Pick<IpcMainEvent | IpcMainInvokeEvent, 'senderFrame' | 'sender'>): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && isPageUrl(senderFrame.url);
}

/** Answers `channel`; what throws reaches the page as a rejection without particulars. */
export function answer<Schema extends z.ZodType, Result>(
  channel: string,
  input: Schema,
  act: (given: z.output<Schema>, page: WebContents) => Result | Promise<Result>,
): void {
  ipcMain.handle(channel, (event, raw: unknown) => {
    if (!isTrusted(event)) throw new AppError('ROLE_MISSING', { action: channel, needs: 'viewer', has: 'nobody' });
    const parsed = input.safeParse(raw);
    if (!parsed.success) throw new AppError('INPUT_INVALID', { where: channel, problem: parsed.error.issues[0]?.message ?? 'not in the contract' });
    return act(parsed.data, event.sender);
  });
}

/** Hears `channel`, which has no answer and brings nothing. */
export function hear(channel: string, act: (page: WebContents) => void): void {
  ipcMain.on(channel, (event) => {
    if (isTrusted(event)) act(event.sender);
  });
}

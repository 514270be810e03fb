/** Binds the calls with which a page finds its way to their services. */
import type { deskCalls } from '../../shared/contracts/desk-calls.ts';
import type { Chats } from '../services/chat/chats.ts';
import type { AboutBook } from '../services/desk/about.ts';
import type { HelpPages } from '../services/desk/help-pages.ts';
import { listFiles } from '../services/desk/list-files.ts';
import type { Logs } from '../services/desk/logs.ts';
import type { LookIns } from '../services/desk/look-ins.ts';
import type { HandlersOf } from './handlers.ts';

export interface DeskServices {
  readonly about: AboutBook;
  readonly logs: Logs;
  readonly help: HelpPages;
  readonly lookIns: LookIns;
  readonly chats: Chats;
}

export const deskHandlers = ({ about, logs, help }: DeskServices): HandlersOf<keyof typeof deskCalls> => ({
  'host.about': () => about.about(),
  'host.logs': (input) => logs.tail(input),
  'host.diagnose': () => logs.diagnose(),
  'help.list': () => help.list(),
  'help.get': ({ id }) => help.get(id),
  'files.list': (input) => listFiles(input),
});

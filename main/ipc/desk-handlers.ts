/** Binds the calls with which a page finds its way to their services. */
import type { deskCalls } from '../../shared/contracts/desk-calls.ts';
import type { AboutBook } from '../services/desk/about.ts';
import type { LookIns } from '../services/desk/look-ins.ts';
import type { HandlersOf } from './handlers.ts';

export interface DeskServices {
  readonly about: AboutBook;
  readonly lookIns: LookIns;
}

export const deskHandlers = ({ about }: DeskServices): HandlersOf<keyof typeof deskCalls> => ({
  'host.about': () => about.about(),
});

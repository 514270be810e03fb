/** Cards of what is known, and one more for a file that is none of it. */
import type { ChoiceCard } from '../../components/choice-cards.tsx';
import { fileName } from '../runs/run-title.ts';

export const withFile = (known: readonly ChoiceCard<string>[], path: string | null): readonly ChoiceCard<string>[] =>
  path === null || known.some(({ id }) => id === path) ? known : [...known, { id: path, title: fileName(path), text: path }];

/** Light, dark, or as the system has it; kept in the browser engine, since it belongs to the screen and not to the runs. */
import { create } from 'zustand';
import type { PageBridge } from '../../shared/contracts/page-bridge.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const key = 'lathe.theme';
const dark = window.matchMedia('(prefers-color-scheme: dark)');

const stored = (): Theme => themes.find((theme) => theme === localStorage.getItem(key)) ?? 'system';
const shownOf = (theme: Theme): 'light' | 'dark' => (theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme);

interface ThemeState {
  readonly theme: Theme;
  /** What is drawn. */
  readonly shown: 'light' | 'dark';
  readonly choose: (theme: Theme) => void;
}

export const useTheme = create<ThemeState>((set) => ({
  theme: stored(),
  shown: shownOf(stored()),
  choose: (theme) => {
    localStorage.setItem(key, theme);
    set({ theme, shown: shownOf(theme) });
  },
}));

const apply = ({ shown }: ThemeState): void => {
  document.documentElement.dataset['theme'] = shown;
};

/** The window's own parts follow. Returns what ends it. */
export function tellTheme(shell: PageBridge): () => void {
  const tell = ({ theme }: ThemeState): void => void shell.setTheme(theme);
  tell(useTheme.getState());
  return useTheme.subscribe(tell);
}

/** Call once, before the first drawing. */
export function followTheme(): void {
  apply(useTheme.getState());
  useTheme.subscribe(apply);
  dark.addEventListener('change', () => useTheme.setState(({ theme }) => ({ shown: shownOf(theme) })));
}

/** Keys that work everywhere, and what the window's menu, tray and notifications ask of the page. */
import { useEffect } from 'react';
import { useNavigate, type NavigateFunction } from 'react-router';
import type { ShellCommand } from '../../shared/contracts/page-bridge.ts';
import { useCore } from '../bridge/core-context.tsx';

export const isMac = navigator.userAgent.includes('Mac');

export function useShortcuts(openPalette: () => void): void {
  const { shell } = useCore();
  const navigate = useNavigate();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(isMac ? event.metaKey : event.ctrlKey)) return;
      event.preventDefault();
      openPalette();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [openPalette]);
  useEffect(() => shell?.onCommand((command) => obey(command, navigate, openPalette)), [shell, navigate, openPalette]);
  useEffect(() => shell?.onOpenRun((run) => void navigate(`/runs/${run}`)), [shell, navigate]);
}

function obey(command: ShellCommand, navigate: NavigateFunction, openPalette: () => void): void {
  switch (command) {
    case 'palette':
    case 'find':
      return openPalette();
    case 'new-run':
      return void navigate('/runs/new');
    case 'settings':
      return void navigate('/settings');
    case 'help':
      return void navigate('/help');
    case 'back':
      return void navigate(-1);
    case 'forward':
      return void navigate(1);
  }
}

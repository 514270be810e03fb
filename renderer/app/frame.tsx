/** What stands around every view: the places, the palette, how the core stands. */
import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link } from 'react-aria-components';
import { Outlet, useLocation } from 'react-router';
import { useCore } from '../bridge/core-context.tsx';
import { Toasts } from '../components/toast.tsx';
import { texts } from '../texts/texts.ts';
import { CommandPalette } from './command-palette.tsx';
import styles from './frame.module.css';
import { SyncMark } from './sync-mark.tsx';
import { isMac, useShortcuts } from './shortcuts.ts';
import { places, type Place } from './places.ts';

export function Frame() {
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  useShortcuts(() => setPaletteOpen(true));
  return (
    <div className={styles['frame']}>
      <a className={styles['skip']} href="#content" onClick={skip}>
        {texts.frame.skip}
      </a>
      <Navigation onPalette={() => setPaletteOpen(true)} />
      <div className={styles['main']}>
        <ConnectionBanner />
        <main id="content" tabIndex={-1} className={styles['content']}>
          <Outlet />
        </main>
      </div>
      <CommandPalette isOpen={isPaletteOpen} onClose={() => setPaletteOpen(false)} />
      <Toasts />
    </div>
  );
}

/** The address holds the view, so the jump must not change it. */
function skip(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}

const Navigation = ({ onPalette }: { readonly onPalette: () => void }) => (
  <nav className={styles['nav']} aria-label={texts.frame.navigation}>
    <div className={styles['brand']}>
      <img src="./icon.svg" alt="" width={24} height={24} />
      {texts.product}
    </div>
    <button type="button" className={styles['palette']} onClick={onPalette}>
      <Search aria-hidden />
      <span>{texts.frame.palette}</span>
      <kbd>{texts.frame.paletteShortcut(isMac)}</kbd>
    </button>
    {(['work', 'results', 'use', 'foot'] as const).map((group) => (
      <ul key={group} className={group === 'foot' ? styles['foot'] : ''}>
        {places
          .filter((place) => place.group === group)
          .map((place) => (
            <li key={place.path}>
              <PlaceLink place={place} />
            </li>
          ))}
      </ul>
    ))}
    <SyncMark />
  </nav>
);

function PlaceLink({ place: { path, title, icon: Icon } }: { readonly place: Place }) {
  const { pathname } = useLocation();
  const isHere = path === '/' ? pathname === '/' : pathname === path || pathname.startsWith(`${path}/`);
  return (
    <Link href={path} className={styles['place'] ?? ''} {...(isHere && { 'aria-current': 'page' as const })}>
      <Icon aria-hidden />
      {title}
    </Link>
  );
}

function ConnectionBanner() {
  const { client } = useCore();
  const [isLost, setLost] = useState(false);
  useEffect(() => client.onConnection((state) => setLost(state === 'lost')), [client]);
  return isLost ? (
    <p className={styles['banner']} role="status">
      {texts.frame.lost}
    </p>
  ) : null;
}

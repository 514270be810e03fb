/** One page of help, and its outline. */
import { useEffect, useMemo } from 'react';
import { Link } from 'react-aria-components';
import type { Components } from 'react-markdown';
import { useLocation } from 'react-router';
import { MarkdownText } from '../../components/markdown.tsx';
import { Panel } from '../../components/panel.tsx';
import { texts } from '../../texts/texts.ts';
import { headingIds } from './heading-ids.ts';
import { helpPath, helpTarget } from './help-links.ts';
import { helpSections } from './help-sections.ts';
import styles from './help.module.css';

interface HelpTextProps {
  readonly page: string;
  /** Ids of all. */
  readonly pages: readonly string[];
  readonly markdown: string;
}

const plugins = [headingIds];

export function HelpText({ page, pages, markdown }: HelpTextProps) {
  const { hash, key } = useLocation();
  useEffect(() => showPlace(decodeURIComponent(hash.slice(1))), [hash, key]);
  const parts = useMemo(() => partsOf(page, pages), [page, pages]);
  return (
    <Panel>
      <MarkdownText parts={parts} rehypePlugins={plugins}>
        {markdown}
      </MarkdownText>
    </Panel>
  );
}

/** The place that the address names, else the page's beginning. */
function showPlace(id: string): void {
  const place = id === '' ? null : document.getElementById(id);
  if (place === null) document.getElementById('content')?.scrollTo(0, 0);
  else {
    place.scrollIntoView();
    place.focus({ preventScroll: true });
  }
}

const partsOf = (page: string, pages: readonly string[]): Components => ({
  // It is the view's heading.
  h1: () => null,
  h2: ({ children, id }) => (
    <h2 id={id} tabIndex={-1} className={styles['place']}>
      {children}
    </h2>
  ),
  h3: ({ children, id }) => (
    <h3 id={id} tabIndex={-1} className={styles['place']}>
      {children}
    </h3>
  ),
  a: ({ children, href = '' }) => {
    const target = helpTarget(href, page, pages);
    return target === null ? <Outside address={href}>{children}</Outside> : <Link href={target}>{children}</Link>;
  },
  img: ({ alt = '' }) => <span className="muted">{texts.help.picture(alt)}</span>,
});

const Outside = ({ address, children }: { readonly address: string; readonly children: React.ReactNode }) => (
  <span>
    {children}
    {children !== address && <span className="muted"> ({address})</span>}
  </span>
);

export function HelpOutline({ page, markdown }: { readonly page: string; readonly markdown: string }) {
  const headings = useMemo(() => helpSections(markdown).filter(({ level }) => level === 2), [markdown]);
  if (headings.length < 2) return null;
  return (
    <nav aria-label={texts.help.outline} className={styles['outline']}>
      <h2>{texts.help.outline}</h2>
      <ul>
        {headings.map(({ id, title }) => (
          <li key={id}>
            <Link href={helpPath(page, id)}>{title}</Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

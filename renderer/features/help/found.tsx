/** The places of help that a search found. */
import { useQueries } from '@tanstack/react-query';
import { Link } from 'react-aria-components';
import { useCore } from '../../bridge/core-context.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, Loading } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { helpPath } from './help-links.ts';
import styles from './help.module.css';
import { searchHelp, type FoundPlace } from './search-help.ts';

const words = texts.help;
const most = 40;

export function Found({ text, pages }: { readonly text: string; readonly pages: readonly { readonly id: string }[] }) {
  const { client } = useCore();
  const queries = useQueries({
    queries: pages.map(({ id }) => ({ queryKey: ['help.get', { id }], queryFn: () => client.call('help.get', { id }) })),
  });
  const isLoading = queries.some(({ isPending }) => isPending);
  const all = queries.flatMap(({ data }, index) => (data === undefined ? [] : [{ ...data, id: pages[index]?.id ?? '' }]));
  const found = searchHelp(all, text);
  if (isLoading) return <Loading />;
  if (found.length === 0) return <Empty title={words.nothing(text)}>{words.nothingText}</Empty>;
  return (
    <Panel title={words.found(found.length, text)}>
      <ol className={styles['found']}>
        {found.slice(0, most).map((place) => (
          <FoundItem key={`${place.page}#${place.anchor ?? ''}`} place={place} />
        ))}
      </ol>
    </Panel>
  );
}

const FoundItem = ({ place: { page, anchor, title, section, excerpt } }: { readonly place: FoundPlace }) => (
  <li>
    <Link href={helpPath(page, anchor)}>{section ?? title}</Link>
    {section !== null && <span className="muted"> · {title}</span>}
    <p className="muted">{excerpt}</p>
  </li>
);

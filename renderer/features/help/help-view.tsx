/** Help: the pages that come with Lathe, to read and to search; nothing outside is opened. */
import { useDeferredValue, useState } from 'react';
import { useLocation, useParams } from 'react-router';
import { useCall } from '../../bridge/core-context.tsx';
import { SearchField } from '../../components/field.tsx';
import { Page } from '../../components/page.tsx';
import { SideList } from '../../components/side-list.tsx';
import { Loaded } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { Found } from './found.tsx';
import { helpPath } from './help-links.ts';
import { HelpOutline, HelpText } from './help-text.tsx';

const words = texts.help;

export function View() {
  const pages = useCall('help.list', {});
  const { page = pages.data?.pages[0]?.id ?? '' } = useParams();
  const { key } = useLocation();
  // Whoever goes somewhere has found it: the search belongs to the place it began at.
  const [search, setSearch] = useState({ key, text: '' });
  const text = search.key === key ? search.text : '';
  const asked = useDeferredValue(text.trim());
  const title = pages.data?.pages.find(({ id }) => id === page)?.title;
  return (
    <Page above={words.title} title={asked === '' ? (title ?? words.title) : words.results}>
      <Loaded query={pages}>
        {({ pages: all }) => (
          <Pages
            pages={all}
            page={page}
            asked={asked}
            search={<SearchField label={words.search} value={text} onChange={(next) => setSearch({ key, text: next })} />}
          />
        )}
      </Loaded>
    </Page>
  );
}

interface PagesProps {
  readonly pages: readonly { readonly id: string; readonly title: string }[];
  readonly page: string;
  /** Empty: nothing is searched for. */
  readonly asked: string;
  readonly search: React.ReactNode;
}

function Pages({ pages, page, asked, search }: PagesProps) {
  const shown = useCall('help.get', { id: page });
  const isSearching = asked !== '';
  return (
    <SideList
      label={words.pages}
      items={pages.map(({ id, title }) => ({ path: helpPath(id), title }))}
      shown={isSearching ? '' : helpPath(page)}
      above={search}
      aside={!isSearching && shown.data !== undefined && <HelpOutline page={page} markdown={shown.data.markdown} />}
    >
      {isSearching ? (
        <Found text={asked} pages={pages} />
      ) : (
        <Loaded query={shown}>{({ markdown }) => <HelpText key={page} page={page} pages={pages.map(({ id }) => id)} markdown={markdown} />}</Loaded>
      )}
    </SideList>
  );
}

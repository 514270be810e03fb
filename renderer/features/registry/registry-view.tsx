/** The registry: every version in a table; two chosen ones are compared. */
import { useDeferredValue, useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import type { Version } from '../../../shared/contracts/registry-calls.ts';
import { parseVersionText } from '../../../shared/domain/version.ts';
import { versionStates, type VersionState } from '../../../shared/domain/version-state.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { Button, LinkButton } from '../../components/button.tsx';
import { SearchField, SelectField } from '../../components/field.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { Toolbar } from '../../components/toolbar.tsx';
import { texts } from '../../texts/texts.ts';
import { ImportDialog } from './import-dialog.tsx';
import { comparePath } from './version-path.ts';
import { VersionsTable } from './versions-table.tsx';
import styles from './registry.module.css';

const words = texts.registry;
type StateFilter = VersionState | 'any';
const states = [{ id: 'any' as StateFilter, label: words.anyState }, ...versionStates.map((id) => ({ id, label: texts.versionStates[id] }))];
const pageSize = 200;
const mostShown = 1_000;
/** No tag is called so: tags hold no spaces. */
const anyTag = 'any tag';

export function View() {
  const [isImporting, setImporting] = useState(false);
  const [text, setText] = useState('');
  const [state, setState] = useState<StateFilter>('any');
  const [tag, setTag] = useState(anyTag);
  const [limit, setLimit] = useState(pageSize);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const asked = useDeferredValue(text.trim());
  const isFiltered = asked !== '' || state !== 'any' || tag !== anyTag;
  const filter = { text: asked === '' ? null : asked, state: state === 'any' ? null : [state], tags: tag === anyTag ? [] : [tag], limit };
  const versions = useCall('registry.list', filter, { keepPrevious: true });
  const tags = useTags();
  return (
    <Page
      fill
      title={words.title}
      actions={
        <>
          <Button onPress={() => setImporting(true)}>{words.import.open}</Button>
          <LinkButton look="primary" to="/registry/new">
            {words.new.title}
          </LinkButton>
        </>
      }
    >
      <Toolbar>
        <SearchField label={words.search} value={text} onChange={setText} />
        <SelectField label={words.stateFilter} hideLabel value={state} onChange={setState} choices={states} />
        <SelectField label={words.tagFilter} hideLabel value={tag} onChange={setTag} choices={tags} />
        <Toolbar.End>
          <CompareChosen chosen={chosen} />
        </Toolbar.End>
      </Toolbar>
      <Loaded query={versions}>
        {({ versions: list, next }) =>
          list.length === 0 && !isFiltered ? (
            <Nothing onImport={() => setImporting(true)} />
          ) : (
            <>
              <Panel flush>
                <VersionsTable versions={list} chosen={chosen} onChoose={setChosen} />
              </Panel>
              {next !== null && limit < mostShown && <Button onPress={() => setLimit(limit + pageSize)}>{words.more}</Button>}
            </>
          )
        }
      </Loaded>
      {isImporting && <ImportDialog onClose={() => setImporting(false)} />}
    </Page>
  );
}

const noVersions: readonly Version[] = [];

/** Every tag that a version has. */
function useTags() {
  const all = useCall('registry.list', { limit: mostShown });
  const versions = all.data?.versions ?? noVersions;
  return useMemo(() => {
    const tags = [...new Set(versions.flatMap((version) => version.tags))].sort();
    return [{ id: anyTag, label: words.anyTag }, ...tags.map((id) => ({ id, label: id }))];
  }, [versions]);
}

function CompareChosen({ chosen }: { readonly chosen: ReadonlySet<string> }) {
  const navigate = useNavigate();
  const [one, other, ...more] = [...chosen].sort().map(parseVersionText);
  if (one === undefined || other === undefined) return <span className="muted">{words.compareHint}</span>;
  if (more.length > 0) return <span className="muted">{words.compareTwo(chosen.size)}</span>;
  return <Button onPress={() => void navigate(comparePath(one, other))}>{words.compare}</Button>;
}

const Nothing = ({ onImport }: { readonly onImport: () => void }) => (
  <Empty
    title={words.empty}
    action={
      <div className={styles['actions']}>
        <LinkButton look="primary" to="/runs">
          {words.toRuns}
        </LinkButton>
        <Button onPress={onImport}>{words.import.open}</Button>
      </div>
    }
  >
    {words.emptyText}
  </Empty>
);

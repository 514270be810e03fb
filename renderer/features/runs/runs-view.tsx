/** Runs: every run in a table; chosen ones are laid over each other. */
import { useDeferredValue, useState } from 'react';
import { useNavigate } from 'react-router';
import { runStates, type RunState } from '../../../shared/domain/run-state.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { Button, LinkButton } from '../../components/button.tsx';
import { SearchField, SelectField } from '../../components/field.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { Toolbar } from '../../components/toolbar.tsx';
import { texts } from '../../texts/texts.ts';
import { RunsTable } from './runs-table.tsx';

type StateFilter = RunState | 'any';
const filters = [{ id: 'any' as StateFilter, label: texts.runs.anyState }, ...runStates.map((id) => ({ id, label: texts.runStates[id] }))];
const pageSize = 200;

export function View() {
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [state, setState] = useState<StateFilter>('any');
  const [limit, setLimit] = useState(pageSize);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const asked = useDeferredValue(text.trim());
  const isFiltered = asked !== '' || state !== 'any';
  const runs = useCall('runs.list', { text: asked === '' ? null : asked, state: state === 'any' ? null : [state], limit }, { keepPrevious: true });
  return (
    <Page
      fill
      title={texts.runs.title}
      actions={
        <LinkButton look="primary" to="/runs/new">
          {texts.runs.new}
        </LinkButton>
      }
    >
      <Toolbar>
        <SearchField label={texts.runs.search} value={text} onChange={setText} />
        <SelectField label={texts.runs.filter} hideLabel value={state} onChange={setState} choices={filters} />
        <Toolbar.End>
          {chosen.size < 2 ? (
            <span className="muted">{texts.runs.compareHint}</span>
          ) : (
            <Button onPress={() => void navigate(`/runs/compare?runs=${[...chosen].join(',')}`)}>{texts.runs.compare(chosen.size)}</Button>
          )}
        </Toolbar.End>
      </Toolbar>
      <Loaded query={runs}>
        {({ runs: list, next }) =>
          list.length === 0 && !isFiltered ? (
            <Empty
              title={texts.runs.empty}
              action={
                <LinkButton look="primary" to="/runs/new">
                  {texts.runs.new}
                </LinkButton>
              }
            >
              {texts.runs.emptyText}
            </Empty>
          ) : (
            <>
              <Panel flush>
                <RunsTable runs={list} chosen={chosen} onChoose={setChosen} />
              </Panel>
              {next !== null && limit < 1_000 && <Button onPress={() => setLimit(limit + pageSize)}>{texts.runs.more}</Button>}
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

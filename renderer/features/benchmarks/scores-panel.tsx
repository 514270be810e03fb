/** The newest scores as a matrix, those of one way of putting the questions at a time; chosen ones are compared. */
import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { Button, LinkButton } from '../../components/button.tsx';
import { SelectField } from '../../components/field.tsx';
import { Panel } from '../../components/panel.tsx';
import { Failure } from '../../components/states.tsx';
import { Toolbar } from '../../components/toolbar.tsx';
import { texts } from '../../texts/texts.ts';
import { comparisonPath, scorePath } from './benchmark-paths.ts';
import { GainsPanel } from './gains-panel.tsx';
import { MatrixTable } from './matrix-table.tsx';
import { againstBases, bySettings, scoreMatrix, type DoneScore, type SettingsGroup } from './score-matrix.ts';
import { settingsText } from './score-words.ts';
import { useComparisons } from './use-comparisons.ts';
import { useOrigins } from './use-origins.ts';
import styles from './benchmarks.module.css';

const words = texts.benchmarks.overview;

/** `scores`: done, the newest of each subject, task and settings. */
export function ScoresPanel({ scores }: { readonly scores: readonly DoneScore[] }) {
  const groups = useMemo(() => bySettings(scores), [scores]);
  const [key, setKey] = useState<string | null>(null);
  const group = groups.find((each) => each.key === key) ?? groups[0];
  if (group === undefined) return null;
  const choices = groups.map((each) => ({ id: each.key, label: settingsText(each.settings) }));
  return (
    <Scores key={group.key} group={group} filter={<SelectField label={words.settings} hideLabel value={group.key} onChange={setKey} choices={choices} />} />
  );
}

function Scores({ group, filter }: { readonly group: SettingsGroup; readonly filter: React.ReactNode }) {
  const { bases, datasets } = useOrigins();
  const matrix = useMemo(() => scoreMatrix(group.scores, bases), [group, bases]);
  const pairs = useMemo(() => againstBases(matrix), [matrix]);
  const { byScore, error } = useComparisons(pairs);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const choose = (score: string, isChosen: boolean): void =>
    setChosen((before) => new Set(isChosen ? [...before, score] : [...before].filter((each) => each !== score)));
  return (
    <>
      <Panel title={words.matrix} flush>
        <div className={styles['head']}>
          <Toolbar>
            {filter}
            <Toolbar.End>
              <Chosen chosen={[...chosen]} onClear={() => setChosen(new Set())} />
            </Toolbar.End>
          </Toolbar>
        </div>
        {error !== null && <Failure error={error} />}
        <MatrixTable matrix={matrix} comparisons={byScore} datasets={datasets} chosen={chosen} onChoose={choose} />
        <p className={styles['foot']}>{words.legend}</p>
      </Panel>
      <GainsPanel matrix={matrix} comparisons={byScore} />
    </>
  );
}

function Chosen({ chosen, onClear }: { readonly chosen: readonly string[]; readonly onClear: () => void }) {
  const navigate = useNavigate();
  const [first] = chosen;
  if (first === undefined) return <span className="muted">{words.hint}</span>;
  return (
    <>
      <span className="muted" role="status">
        {words.chosen(chosen.length)}
      </span>
      <Button look="quiet" onPress={onClear}>
        {words.clear}
      </Button>
      {chosen.length === 1 ? (
        <LinkButton to={scorePath(first)}>{words.items}</LinkButton>
      ) : (
        <Button look="primary" onPress={() => void navigate(comparisonPath(chosen))}>
          {words.compare}
        </Button>
      )}
    </>
  );
}

/** The third step: a recipe to begin with, and every setting of it, as fields or as YAML. */
import { formatCount } from '../../../shared/text/format.ts';
import { trainingDefaults } from '../../../shared/domain/training-settings.ts';
import { ChoiceCards } from '../../components/choice-cards.tsx';
import { Disclosure } from '../../components/disclosure.tsx';
import { Panel } from '../../components/panel.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { texts } from '../../texts/texts.ts';
import { valueAt } from './config-path.ts';
import { setConfig, useDraft } from './draft.ts';
import { KnobField } from './knob-field.tsx';
import { advancedGroups, knobGroups } from './knobs.ts';
import { presetOf, withPreset } from './presets.ts';
import { usePresets } from './use-presets.ts';
import { YamlView } from './yaml-view.tsx';
import styles from './new-run.module.css';

const words = texts.newRun.recipe;

export const RecipeStep = () => (
  <>
    <Presets />
    <Tabs
      label={texts.newRun.steps.recipe}
      parts={[
        { id: 'knobs', title: words.knobs, content: <Knobs /> },
        { id: 'yaml', title: words.yaml, content: <YamlView /> },
      ]}
    />
  </>
);

function Presets() {
  const among = usePresets();
  const config = useDraft((draft) => draft.config);
  const value = presetOf(config, among);
  const cards = among.map(({ id }) => ({ id, title: words.presetNames[id], text: words.presetTexts[id] }));
  return (
    <Panel title={words.presets}>
      <div className={styles['part']}>
        <ChoiceCards
          label={words.presets}
          hideLabel
          minWidth={210}
          isSpread
          cards={cards}
          value={value}
          onChange={(id) => {
            const preset = among.find((each) => each.id === id);
            if (preset !== undefined) setConfig((before) => withPreset(before, preset));
          }}
        />
        {value === null && <p className="muted">{words.own}</p>}
      </div>
    </Panel>
  );
}

const Knobs = () => (
  <>
    <Panel title={words.basic}>
      <div className={styles['part']}>
        <div className={styles['knobs']}>
          {knobGroups.basic.map((path) => (
            <KnobField key={path} path={path} />
          ))}
        </div>
        <RowsOfAStep />
      </div>
    </Panel>
    <Panel>
      {advancedGroups.map((group) => (
        <Group key={group} group={group} />
      ))}
    </Panel>
  </>
);

function RowsOfAStep() {
  const training = useDraft(({ config }) => config.training);
  const rows = (training?.batch_size ?? trainingDefaults.batch_size) * (training?.gradient_accumulation ?? trainingDefaults.gradient_accumulation);
  return Number.isFinite(rows) ? <p className="muted">{words.effective(formatCount(rows))}</p> : null;
}

function Group({ group }: { readonly group: (typeof advancedGroups)[number] }) {
  const config = useDraft((draft) => draft.config);
  const changed = knobGroups[group].filter((path) => valueAt(config, path) !== undefined).length;
  return (
    <Disclosure title={words.groups[group]} {...(changed > 0 && { note: words.changed(changed) })}>
      <div className={styles['knobs']}>
        {knobGroups[group].map((path) => (
          <KnobField key={path} path={path} />
        ))}
      </div>
    </Disclosure>
  );
}

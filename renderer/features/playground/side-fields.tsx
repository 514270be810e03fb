/** Who answers on each side: a model, and an adapter that fits it. */
import { SelectField } from '../../components/field.tsx';
import { texts } from '../../texts/texts.ts';
import { setSides, useConversation } from './conversation.ts';
import styles from './playground.module.css';
import { fits, withModel, type KnownAdapter, type KnownModel, type Side } from './who-answers.ts';

const words = texts.playground;
const none = '';

interface SideFieldsProps {
  readonly models: readonly KnownModel[];
  readonly adapters: readonly KnownAdapter[];
  readonly sides: readonly [Side, Side];
}

export function SideFields({ models, adapters, sides: [left, right] }: SideFieldsProps) {
  const isBeside = useConversation((state) => state.isBeside);
  return (
    <div className={isBeside ? styles['sides'] : ''}>
      <OneSide title={words.sides[0]} models={models} adapters={adapters} side={left} onChange={(side) => setSides([side, right])} />
      {isBeside && <OneSide title={words.sides[1]} models={models} adapters={adapters} side={right} onChange={(side) => setSides([left, side])} />}
    </div>
  );
}

interface OneSideProps {
  readonly title: string;
  readonly models: readonly KnownModel[];
  readonly adapters: readonly KnownAdapter[];
  readonly side: Side;
  readonly onChange: (side: Side) => void;
}

function OneSide({ title, models, adapters, side, onChange }: OneSideProps) {
  const model = models.find(({ path }) => path === side.model);
  const fitting = model === undefined ? [] : adapters.filter((adapter) => fits(adapter, model));
  const choose = (path: string): void => {
    const chosen = models.find((each) => each.path === path);
    if (chosen !== undefined) onChange(withModel(side, chosen, adapters));
  };
  return (
    <div className={styles['side']} role="group" aria-label={title}>
      <SelectField
        label={words.model(title.toLowerCase())}
        value={side.model}
        onChange={choose}
        choices={models.map(({ path, name, isEmbedded }) => ({ id: path, label: isEmbedded ? words.embedded(name) : name }))}
      />
      <SelectField
        label={words.adapter(title.toLowerCase())}
        value={side.adapter ?? none}
        onChange={(id) => onChange({ ...side, adapter: id === none ? null : id })}
        choices={[{ id: none, label: fitting.length === 0 ? words.noAdapters : words.noAdapter }, ...fitting]}
      />
    </div>
  );
}

/** Chooses in whose tokens rows are shown and counted: a model on the shelf, or the one that comes with Lathe. */
import { useCall } from '../../bridge/core-context.tsx';
import { SelectField } from '../../components/field.tsx';
import { texts } from '../../texts/texts.ts';

interface TokensByFieldProps {
  readonly label: string;
  /** null: the one that comes with Lathe. */
  readonly value: string | null;
  readonly onChange: (model: string | null) => void;
  readonly hideLabel?: boolean;
}

/** No model is called so: names begin with a letter or digit. */
const own = '-';

export function TokensByField({ label, value, onChange, hideLabel = false }: TokensByFieldProps) {
  const models = useCall('models.list', {});
  const choices = [{ id: own, label: texts.shelf.rows.ownModel }, ...(models.data?.items ?? []).map(({ name }) => ({ id: name, label: name }))];
  return <SelectField label={label} hideLabel={hideLabel} value={value ?? own} onChange={(id) => onChange(id === own ? null : id)} choices={choices} />;
}

/** Notes as rows of names and values. */
import { X } from 'lucide-react';
import { Input, TextField } from 'react-aria-components';
import { Button, IconButton } from '../../components/button.tsx';
import { texts } from '../../texts/texts.ts';
import field from '../../components/field.module.css';
import { newRow, type MetadataRow } from './metadata-rows.ts';
import styles from './registry.module.css';

const words = texts.registry.words;

interface MetadataFieldProps {
  readonly rows: readonly MetadataRow[];
  readonly onChange: (rows: readonly MetadataRow[]) => void;
  readonly problem: string | null;
}

export function MetadataField({ rows, onChange, problem }: MetadataFieldProps) {
  const put = (row: MetadataRow): void => onChange(rows.map((each) => (each.id === row.id ? row : each)));
  return (
    <fieldset className={styles['metadata']}>
      <legend>{words.metadata}</legend>
      {rows.length > 0 && (
        <ul>
          {rows.map((row) => (
            <li key={row.id}>
              <Cell label={words.key} value={row.key} onChange={(key) => put({ ...row, key })} />
              <Cell label={words.value} value={row.value} onChange={(value) => put({ ...row, value })} />
              <IconButton label={words.removeRow(row.key)} onPress={() => onChange(rows.filter(({ id }) => id !== row.id))}>
                <X aria-hidden />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <div className={styles['start']}>
        <Button small onPress={() => onChange([...rows, newRow(rows)])}>
          {words.addRow}
        </Button>
      </div>
      <p className={styles['help']}>{words.metadataHelp}</p>
      {problem !== null && (
        <p className={styles['problem']} role="alert">
          {problem}
        </p>
      )}
    </fieldset>
  );
}

const Cell = ({ label, value, onChange }: { readonly label: string; readonly value: string; readonly onChange: (value: string) => void }) => (
  <TextField aria-label={label} value={value} onChange={onChange}>
    <Input className={field['input'] ?? ''} placeholder={label} />
  </TextField>
);

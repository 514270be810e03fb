/** A text field for a value that has a form of its own: while it is being written in it stays as it is written. */
import { useState } from 'react';
import { TextField } from './field.tsx';

interface WrittenFieldProps<T> {
  readonly label: string;
  readonly help?: string;
  readonly problem?: string | null;
  readonly isDisabled?: boolean;
  readonly placeholder?: string;
  readonly rows?: number;
  readonly mono?: boolean;
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly format: (value: T) => string;
  readonly read: (text: string) => T;
}

export function WrittenField<T>({ value, onChange, format, read, ...field }: WrittenFieldProps<T>) {
  // 2e- is on the way to a number, and an empty line on the way to the next.
  const [written, setWritten] = useState<string | null>(null);
  const write = (text: string): void => {
    setWritten(text);
    onChange(read(text));
  };
  return <TextField {...field} value={written ?? format(value)} onChange={write} onBlur={() => setWritten(null)} />;
}

/** A field for a number as people of this trade write it: 2e-4 as well as 0.0002. What is no number is handed on as it was written. */
import { WrittenField } from './written-field.tsx';

/** Text: what was written is no number. null: empty. */
type Decimal = number | string | null;

interface DecimalFieldProps {
  readonly label: string;
  readonly help?: string;
  readonly problem?: string | null;
  readonly isDisabled?: boolean;
  readonly value: Decimal;
  readonly onChange: (value: Decimal) => void;
  /** Shown where it is empty. */
  readonly placeholder?: string;
}

export const DecimalField = (props: DecimalFieldProps) => <WrittenField<Decimal> {...props} format={formatDecimal} read={readDecimal} />;

const formatDecimal = (value: Decimal): string => (value === null ? '' : String(value));

function readDecimal(text: string): Decimal {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  return Number.isFinite(Number(trimmed)) ? Number(trimmed) : trimmed;
}

/** A number on a line between its ends. */
import { Label, Slider, SliderOutput, SliderThumb, SliderTrack } from 'react-aria-components';
import styles from './range-field.module.css';

interface RangeFieldProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

export const RangeField = ({ label, value, onChange, min, max, step }: RangeFieldProps) => (
  <Slider value={value} onChange={onChange} minValue={min} maxValue={max} step={step} className={styles['slider'] ?? ''}>
    <Label>{label}</Label>
    <SliderTrack className={styles['track'] ?? ''}>
      <SliderThumb className={styles['thumb'] ?? ''} />
    </SliderTrack>
    <SliderOutput className={styles['output'] ?? ''} />
  </Slider>
);

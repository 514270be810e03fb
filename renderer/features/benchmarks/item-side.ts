/** An item as one subject answered it. */
import type { BenchmarkRecord } from '../../../shared/domain/benchmark-record.ts';

export interface ItemSide<R extends BenchmarkRecord = BenchmarkRecord> {
  readonly label: string;
  readonly record: R;
}

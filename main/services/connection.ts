/** The place that facts are told to: HANA, once one is configured. */
export interface Connection {
  /** Names it, without a secret; null: there is none. */
  readonly id: string | null;
  /** Calls the listener when `id` has become another. */
  onChange(listener: () => void): void;
}

/** The run that is being written: what the user said and nothing else. It stays when the view is left, until it is started or begun anew. */
import { create } from 'zustand';
import { createJSONStorage, persist } from 'zustand/middleware';
import type { TrainingConfigInput } from '../../../shared/domain/training-config.ts';
import { withValue, type ConfigPath } from './config-path.ts';

export interface Draft {
  readonly config: TrainingConfigInput;
  readonly name: string;
  /** As it is written in its field; the schema says what it is worth. */
  readonly priority: number | string;
  /** Name of the version to make of it when it is done; null: none. */
  readonly versionName: string | null;
}

const blank: Draft = { config: {}, name: '', priority: 0, versionName: null };

/** It outlives a reload of the page, and goes with its window. */
export const useDraft = create<Draft>()(persist(() => blank, { name: 'lathe.new-run', version: 1, storage: createJSONStorage(() => sessionStorage) }));

export const setDraft = (change: Partial<Draft>): void => void useDraft.setState(change);

export const setConfig = (change: (config: TrainingConfigInput) => TrainingConfigInput): void =>
  void useDraft.setState(({ config }) => ({ config: change(config) }));

/** undefined: back to the default. */
export const setValue = (path: ConfigPath, value: unknown): void => setConfig((config) => withValue(config, path, value));

/** Columns and template are those of the rows before. */
export const setRows = (path: string): void =>
  setConfig((config) => withValue(config.data?.path === path ? config : withValue(config, 'data.columns', undefined), 'data.path', path));

export const startOver = (): void => void useDraft.setState(blank);

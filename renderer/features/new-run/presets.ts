/** Recipes to begin with. Each is what it changes from the defaults; `balanced` is the defaults. */
import type { TrainingConfigInput } from '../../../shared/domain/training-config.ts';
import { valueAt, withValue, writtenPaths } from './config-path.ts';

export type PresetId = 'quick' | 'balanced' | 'thorough' | 'demo';
type Recipe = Pick<TrainingConfigInput, 'lora' | 'training'>;

export interface Preset {
  readonly id: PresetId;
  readonly recipe: Recipe;
}

export const presets: readonly Preset[] = [
  { id: 'quick', recipe: { lora: { rank: 8, alpha: 16 }, training: { max_epochs: 1, max_seq_length: 512 } } },
  { id: 'balanced', recipe: {} },
  {
    id: 'thorough',
    recipe: {
      lora: { rank: 32, alpha: 64, target_modules: 'all-linear' },
      training: { learning_rate: 1e-4, max_epochs: 5, schedule: 'cosine', early_stopping_patience: 3 },
    },
  },
];

/** The one that comes with the embedded model: it needs larger steps than any other. */
export const demoPreset = ({ lora, training }: TrainingConfigInput): Preset => ({
  id: 'demo',
  recipe: { ...(lora && { lora }), ...(training && { training }) },
});

const recipeBlocks = ['lora', 'training'];
const isOfRecipe = (path: string): boolean => recipeBlocks.includes(path.split('.')[0] ?? '');

/** In the place of whatever recipe was there; model, data and machine stay. */
export function withPreset(config: TrainingConfigInput, { recipe }: Preset): TrainingConfigInput {
  const bare = writtenPaths(config)
    .filter(isOfRecipe)
    .reduce((before, path) => withValue(before, path, undefined), config);
  return writtenPaths(recipe).reduce((before, path) => withValue(before, path, valueAt(recipe, path)), bare);
}

/** Which of them the draft still is; null: one's own. */
export function presetOf(config: TrainingConfigInput, among: readonly Preset[]): PresetId | null {
  const written = writtenPaths(config).filter(isOfRecipe);
  const isThis = ({ recipe }: Preset): boolean => {
    const wanted = writtenPaths(recipe);
    const isSame = (path: string): boolean => JSON.stringify(valueAt(recipe, path)) === JSON.stringify(valueAt(config, path));
    return wanted.length === written.length && wanted.every(isSame);
  };
  return among.find(isThis)?.id ?? null;
}

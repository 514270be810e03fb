/** The recipes that a draft may begin with, and which of them it still is. */
import { useMemo } from 'react';
import { useCall } from '../../bridge/core-context.tsx';
import { texts } from '../../texts/texts.ts';
import { isDemoModel } from './demo-model.ts';
import { useDraft } from './draft.ts';
import { demoPreset, presetOf, presets, type Preset } from './presets.ts';

const words = texts.newRun.recipe;

/** The demo's stands among them where its model is chosen. */
export function usePresets(): readonly Preset[] {
  const about = useCall('host.about', {});
  const model = useDraft(({ config }) => config.model);
  const demo = about.data?.demo.config;
  return useMemo(() => (demo !== undefined && model !== undefined && isDemoModel(model, demo.model) ? [demoPreset(demo), ...presets] : presets), [demo, model]);
}

/** How the recipe is called; one's own has no name. */
export function useRecipeName(): string {
  const among = usePresets();
  const config = useDraft((draft) => draft.config);
  const preset = presetOf(config, among);
  return preset === null ? words.ownName : words.presetNames[preset];
}

import { describe, expect, it } from 'vitest';
import { deploymentDefaults } from '../../../shared/domain/deployment-config.ts';
import { changedCount, draftOf, isUsed, readDraft, settingGroups, type ConfigDraft, type Setting, type SettingValue } from './config-draft.ts';

const withValue = (setting: Setting, value: SettingValue, draft: ConfigDraft = draftOf()): ConfigDraft => ({
  ...draft,
  values: { ...draft.values, [setting]: value },
});

describe('readDraft', () => {
  it('sends nothing of what stands as delivered', () => {
    expect(readDraft(draftOf())).toEqual({ config: {}, problems: {}, goldenProblems: [] });
  });

  it('reads what was written', () => {
    const draft = { ...withValue('canary_steps', '5, 50,100'), strategy: 'canary' as const };
    expect(readDraft(withValue('step_pause', ' 10s ', draft)).config).toEqual({ strategy: 'canary', canary_steps: [5, 50, 100], step_pause: '10s' });
  });

  it('says what is wrong at its field', () => {
    const { config, problems } = readDraft(withValue('step_pause', 'soon', withValue('max_error_rate', Number.NaN)));
    expect(config).toBeNull();
    expect(problems).toEqual({ step_pause: 'It must be a time such as 30s, 5m or 2h.', max_error_rate: 'Give a number.' });
  });

  it('takes no steps that are no numbers', () => {
    expect(readDraft({ ...withValue('canary_steps', 'ten'), strategy: 'canary' }).problems).toEqual({ canary_steps: 'Give percentages, such as 10, 50, 100.' });
  });

  it('overlooks what the strategy does not use', () => {
    expect(readDraft(withValue('canary_steps', 'ten')).config).toEqual({});
    expect(isUsed('traffic_shift', 'recreate')).toBe(false);
  });

  it('reads questions with their words', () => {
    const draft = { ...draftOf(), golden: [{ prompt: ' Where? ', contains: 'here, there' }] };
    const { config } = readDraft(draft);
    expect(config?.golden_prompts).toEqual([{ prompt: 'Where?', contains: ['here', 'there'], max_tokens: 64 }]);
    expect(changedCount(config)).toBe(1);
    expect(readDraft({ ...draft, golden: [{ prompt: 'Where?', contains: ' ' }] })).toMatchObject({ config: null, goldenProblems: [expect.any(String)] });
  });
});

it('shows every setting in one group', () => {
  const { strategy: _, golden_prompts: __, ...settings } = deploymentDefaults;
  expect(Object.values(settingGroups).flat().toSorted()).toEqual(Object.keys(settings).toSorted());
});

it('writes a configuration so that it is read again', () => {
  const config = { ...deploymentDefaults, strategy: 'canary' as const, canary_steps: [20, 100], keep_previous: '2h', auto_rollback: false };
  expect(readDraft(draftOf(config)).config).toEqual({ strategy: 'canary', canary_steps: [20, 100], keep_previous: '2h', auto_rollback: false });
});

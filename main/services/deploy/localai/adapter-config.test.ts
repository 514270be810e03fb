/** What is written for an adapter's model, and what counts as a change of it. */
import { describe, expect, it } from 'vitest';
import type { Artifact } from '../target-driver.ts';
import { adapterConfig, adapterFile, adapterPlace, fingerprintOf, originOf } from './adapter-config.ts';
import type { WrittenConfig } from './answers.ts';

const sha256 = 'ABCDEF0123456789'.repeat(4);
const base = { name: 'base', file: 'base.gguf', bytes: 1, sha256: null, path: null };
const artifact: Artifact = { servedAs: 'support-v2', label: 'support@2.0.0', path: 'a.gguf', bytes: 1, sha256, base, correlation: 'd-7' };

const made = (config: WrittenConfig, file = 'models/base.gguf'): WrittenConfig => {
  const place = adapterPlace(artifact, file, null);
  return adapterConfig(artifact, {
    base: { model: 'base', config, file, verifiedBy: 'name' },
    place,
    effective: { parameters: { temperature: 0.2, top_k: 'x' }, context_size: 2048 },
  });
};

describe('the place of an adapter', () => {
  it.each([
    ['base.gguf', null, 'lathe/support-v2-abcdef012345.gguf', 'lathe/support-v2-abcdef012345.gguf'],
    ['deep/er/base.gguf', null, 'deep/er/lathe/support-v2-abcdef012345.gguf', 'lathe/support-v2-abcdef012345.gguf'],
    ['deep/er/base.gguf', 'share', 'share/support-v2-abcdef012345.gguf', '../../share/support-v2-abcdef012345.gguf'],
    ['base.gguf', '.', 'support-v2-abcdef012345.gguf', 'support-v2-abcdef012345.gguf'],
  ])('beside %s, in %s', (file, folder, filename, fromBase) => {
    expect(adapterPlace(artifact, file, folder)).toEqual({ filename, fromBase });
  });
});

describe('its configuration', () => {
  it('is the base’s, with the adapter and all that would else be guessed', () => {
    const config = made({
      name: 'base',
      description: 'theirs',
      disabled: false,
      pinned: true,
      f16: true,
      parameters: { model: 'models/base.gguf', top_p: 0.5 },
      known_usecases: ['FLAG_CHAT'],
      options: ['parallel:2'],
      download_files: [{ filename: 'x' }],
    });
    expect(config).toEqual({
      ...{ name: 'support-v2', backend: 'llama-cpp', f16: true, context_size: 2048, known_usecases: ['chat', 'completion', 'score'] },
      description: `Lathe: support@2.0.0; deployment d-7; adapter sha256 ${sha256.toLowerCase()}`,
      ...{ parameters: { model: 'models/base.gguf', temperature: 0.2, top_p: 0.5, top_k: 40, min_p: 0 }, options: ['parallel:2', 'use_jinja:true'] },
      ...{ template: { use_tokenizer_template: true }, lora_adapter: 'lathe/support-v2-abcdef012345.gguf', lora_base: 'models/base.gguf', lora_scale: 1 },
    });
    expect(originOf(config)).toEqual({ label: 'support@2.0.0', correlation: 'd-7' });
  });

  it('keeps a template of the operator', () => {
    const config = made({ template: { chat: '{{.Input}}' }, options: ['a:b'], context_size: 512 });
    expect(config).toMatchObject({ template: { chat: '{{.Input}}' }, options: ['a:b'], context_size: 512 });
  });

  it('is somebody else’s without the mark', () => {
    expect(originOf({ description: 'Lathe is nice' })).toBeNull();
    expect(originOf({})).toBeNull();
  });
});

describe('a fingerprint', () => {
  const config = made({});

  it('knows no order, no pin, no words', () => {
    const turned = Object.fromEntries(
      Object.entries({ ...config, pinned: true, description: 'other', known_usecases: ['FLAG_SCORE', 'FLAG_CHAT', 'FLAG_COMPLETION'] }).reverse(),
    );
    expect(fingerprintOf(turned)).toBe(fingerprintOf(config));
  });

  it.each([
    { lora_scale: 2 },
    { lora_base: '' },
    { parameters: { model: 'other.gguf' } },
    { disabled: true },
    { system_prompt: 'Be rude.' },
    { template: { chat: 'x' } },
  ])('sees %j', (change) => {
    expect(fingerprintOf({ ...config, ...change })).not.toBe(fingerprintOf(config));
  });
});

it('a file is called by its model and its hash, in small letters', () => {
  expect(adapterFile({ servedAs: 'a', sha256 })).toBe('a-abcdef012345.gguf');
});

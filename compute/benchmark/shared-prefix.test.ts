/** A prefix that choices share against each choice computed whole, for every family; and how much is saved. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cpuDefaults } from '../../shared/domain/cpu-optimization.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { tinyFamilies, tinyFamilyNames } from '../../test/support/tiny-families.ts';
import { writeTinyModel } from '../../test/support/tiny-model.ts';
import { loadForInference } from '../inference/load-for-inference.ts';
import { loadAddon } from '../tensor/load-addon.ts';
import { groupTokens, sharedLength } from './pack-requests.ts';
import { continuationRequest, type ScoreRequest } from './requests.ts';
import { batchesOf, freeReach, scoreGroups } from './score-requests.ts';

const folder = temporaryFolder();
const engine = { cpu: cpuDefaults(1), precision: 'fp32' as const };

const prompts = ['the modem in the box is broken again, so', 'is it', 'the printer has no paper and the lamp is'];
const choices = [' send a new one', ' fine', ' it is'];

describe.each(tinyFamilyNames)('%s', (name) => {
  it('gives each choice the log-probability that it has with the whole prompt of its own', async () => {
    {
      using loaded = loadForInference({ model: await writeTinyModel(join(folder, name), { family: tinyFamilies[name] }), adapter: null, engine });
      const context = { tokenizer: loaded.tokenizer, context: 256 };
      const groups = prompts.map((prompt) => choices.map((choice) => continuationRequest(context, prompt, choice) as ScoreRequest));
      expect(sharedLength(groups[0] ?? [])).toBeGreaterThan(3);
      const sharing = !loaded.model.isRecurrent;
      const batches = batchesOf(groups, { sharing, tokens: 1024, reach: freeReach(loaded.source.config) });
      const together = batches.flatMap((batch) => scoreGroups(loaded, batch, { sharing })).flat();
      const alone = groups.flatMap((group) => scoreGroups(loaded, [group], { sharing: false })[0] ?? []);
      together.forEach(({ logProb, isGreedy }, i) => {
        expect(Math.abs(logProb - (alone[i]?.logProb ?? NaN))).toBeLessThan(1e-4);
        expect(isGreedy).toBe(alone[i]?.isGreedy);
      });
    }
    expect(loadAddon().memory().liveTensors).toBe(0);
  });
});

describe('packing', () => {
  const request = (...tokens: number[]): ScoreRequest => ({ tokens, graded: 5, cut: 0 });
  const group = [request(1, 2, 3, 4, 5, 6, 7), request(1, 2, 3, 4, 5, 8)];

  it('counts what is shared once; the token before the first that is asked for stays apart', () => {
    expect(sharedLength(group)).toBe(4);
    expect(groupTokens(group, { sharing: true })).toBe(4 + 2 + 1);
    expect(groupTokens(group, { sharing: false })).toBe(6 + 5);
  });

  it('fills passes in order, and gives what is larger than one a pass of its own', () => {
    const sizes = (tokens: number): number[] => batchesOf([group, group, group], { sharing: true, tokens }).map((batch) => batch.length);
    expect(sizes(14)).toEqual([2, 1]);
    expect(sizes(3)).toEqual([1, 1, 1]);
  });
});

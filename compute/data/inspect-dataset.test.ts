import { describe, expect, it } from 'vitest';
import { smallTemplate, smallTokenizer, TemporaryFolder } from '../../test/support/small-tokenizer.ts';
import { makeControlTokenFinder } from './control-tokens.ts';
import { DigestSet } from './digest-set.ts';
import { inspectDataset } from './inspect-dataset.ts';

describe('inspectDataset', () => {
  it('shows layout, columns, counts and rows with what is learnt of them', async () => {
    using folder = new TemporaryFolder();
    const path = folder.write('d.csv', 'question,answer\nHello,yes\nHello,yes\nagain,no\n');
    const options = { path, tokenizer: smallTokenizer, modelTemplate: smallTemplate, maxSeqLength: 100 };
    const { samples, ...inspected } = await inspectDataset({ ...options, samples: 1 });
    expect(inspected).toMatchObject({
      format: 'CSV',
      layout: 'prompt-completion',
      columns: { prompt: 'question', completion: 'answer' },
      report: { rows: 3, used: 2, duplicates: 1 },
    });
    expect(samples).toEqual([
      {
        line: 2,
        spans: [
          { text: '[user]\nHello<|im_end|>\n[assistant]\n', graded: false, tokens: smallTokenizer.encode('[user]\nHello<|im_end|>\n[assistant]\n') },
          { text: 'yes<|im_end|>\n', graded: true, tokens: smallTokenizer.encode('yes<|im_end|>\n') },
        ],
      },
    ]);
  });
});

describe('makeControlTokenFinder', () => {
  it('finds control tokens anywhere in a text', () => {
    const find = makeControlTokenFinder(['<|im_end|>', '<|x|>', '[INST]', '#']);
    expect(find('a <| b <|x|> c')).toBe('<|x|>');
    expect(find('[INS [INST]')).toBe('[INST]');
    expect(find('a#')).toBe('#');
    expect(find('<|im_end| [INST')).toBeNull();
  });
});

describe('DigestSet', () => {
  it('knows what it has seen, through its growth', () => {
    const set = new DigestSet();
    const values = Array.from({ length: 5000 }, (_, i) => (BigInt(i) * 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn);
    expect(values.every((value) => set.add(value))).toBe(true);
    expect(values.some((value) => set.add(value))).toBe(false);
    expect(set.size).toBe(5000);
  });
});

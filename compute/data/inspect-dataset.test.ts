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

  it('counts lengths before the cut in columns of one width', async () => {
    using folder = new TemporaryFolder();
    const words = (count: number): string => JSON.stringify({ text: Array.from({ length: count }, (_, i) => `w${i}`).join(' ') });
    const path = folder.write('d.jsonl', [1, 2, 3, 60].map(words).join('\n'));
    const read = async (maxSeqLength: number) => inspectDataset({ path, tokenizer: smallTokenizer, modelTemplate: null, maxSeqLength, samples: 9 });
    const { lengths, samples } = await read(4096);
    const { edges, counts } = lengths;
    const width = edges[1] ?? 0;
    expect([edges[0], edges.length, counts.reduce((sum, rows) => sum + rows), counts.length <= 32]).toEqual([0, counts.length + 1, 4, true]);
    expect(edges).toEqual(edges.map((_, i) => i * width));
    const tokens = samples.map(({ spans }) => spans.reduce((sum, span) => sum + span.tokens.length, 0));
    const expected = counts.map((_, i) => tokens.filter((length) => length > (edges[i] ?? 0) && length <= (edges[i + 1] ?? 0)).length);
    expect(counts).toEqual(expected);
    expect((await read(16)).lengths).toEqual(lengths);
  });

  it('tells what it understood of a file that cannot be trained on, where it may', async () => {
    using folder = new TemporaryFolder();
    const inspect = (content: string, tolerant: boolean) =>
      inspectDataset({ path: folder.write('d.jsonl', content), tokenizer: smallTokenizer, modelTemplate: smallTemplate, maxSeqLength: 100, tolerant });
    const broken = '{"prompt":"Hello","completion":"yes"}\n{"prompt":';
    await expect(inspect(broken, false)).rejects.toMatchObject({ code: 'DATASET_LINE_INVALID' });
    const understood = await inspect(broken, true);
    expect(understood).toMatchObject({ problem: { code: 'DATASET_LINE_INVALID', facts: { line: 2 } } });
    const strange = await inspect('{"head":"Hello","tail":"yes"}\n', true);
    expect(strange).toMatchObject({ problem: { code: 'DATASET_COLUMNS_UNKNOWN' }, found: ['head', 'tail'], columns: {}, layout: 'none' });
    await expect(inspectDataset({ path: '/nowhere', tokenizer: smallTokenizer, modelTemplate: null, maxSeqLength: 100, tolerant: true })).rejects.toMatchObject(
      {
        code: 'FILE_MISSING',
      },
    );
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

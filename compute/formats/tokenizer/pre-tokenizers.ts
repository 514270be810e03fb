/**
 * How text is cut into words before merging, by `tokenizer.ggml.pre`. Each row is a list of patterns applied one after the other,
 * every match and every gap becoming a piece; the patterns are those the models were trained with, as llama.cpp applies them.
 */

export interface PreTokenizer {
  /** Names in `tokenizer.ggml.pre` that mean this row. */
  readonly names: readonly string[];
  readonly patterns: readonly string[];
  /** A piece that is a token as it stands is not built from merges. */
  readonly ignoreMerges?: boolean;
  /** Whether BOS is added when the file does not say. */
  readonly addBos?: boolean;
}

const contraction = "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])";
const gpt2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
const rest = '| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+';
const restWithSlash = '| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+';
const llama3 = `${contraction}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}${rest}`;
const qwen2 = `${contraction}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}${rest}`;
const qwen35 = `${contraction}|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;
const upper = '[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]';
const lower = '[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]';
const lead = '[^\\r\\n\\p{L}\\p{N}]?';
const tekken = `${lead}${upper}*${lower}+|${lead}${upper}+${lower}*|\\p{N}${restWithSlash}`;
const gpt4o = `${lead}${upper}*${lower}+${contraction}?|${lead}${upper}+${lower}*${contraction}?|\\p{N}{1,3}${restWithSlash}`;

export const preTokenizers: readonly PreTokenizer[] = [
  { names: ['gpt-2', 'phi-2', 'mpt', 'olmo', 'jais', 'trillion', 'exaone4', 'granite-docling'], patterns: [gpt2] },
  { names: ['smollm', 'starcoder', 'refact', 'command-r', 'codeshell', 'exaone', 'minerva-7b'], patterns: ['\\p{N}', gpt2] },
  { names: ['llama-bpe', 'llama3', 'llama-v3', 'falcon3', 'falcon-h1', 'lfm2', 'pixtral'], patterns: [llama3], ignoreMerges: true, addBos: true },
  { names: ['dbrx', 'smaug-bpe', 'chatglm-bpe', 'glm4'], patterns: [llama3] },
  { names: ['qwen2', 'stablelm2', 'deepseek-r1-qwen', 'hunyuan', 'megrez'], patterns: [qwen2] },
  { names: ['qwen35'], patterns: [qwen35] },
  { names: ['tekken'], patterns: [tekken], ignoreMerges: true, addBos: true },
  { names: ['gpt-4o', 'llama4'], patterns: [gpt4o] },
  { names: ['default'], patterns: ['[\\p{P}$+<=>^~|]+', gpt2, '\\p{N}+', '[0-9][0-9][0-9]'] },
];

/** The row for a `tokenizer.ggml.pre`; a file without one gets 'default', as in llama.cpp. */
export const findPreTokenizer = (pre: string | null): PreTokenizer | undefined => preTokenizers.find((row) => row.names.includes(pre ?? 'default'));

export const knownPreTokenizers = (): string => preTokenizers.flatMap((row) => row.names).join(', ');

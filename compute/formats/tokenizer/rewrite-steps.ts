/**
 * Pipeline steps of a tokenizer.json that @huggingface/tokenizers 0.2.0 does not read as the reference does, written in ones that it does:
 * Digits counts only ASCII digits there, ByteLevel's own pattern uses JavaScript's white space, and Split knows two behaviours of five.
 */
import { unsupportedTokenizer, type Step } from './huggingface-files.ts';

const gpt2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

const isolate = (regex: string): Step => ({ type: 'Split', pattern: { Regex: regex }, behavior: 'Isolated', invert: false });

const isStepList = (value: unknown): value is Step[] => Array.isArray(value) && value.every((step) => typeof (step as Step | null)?.type === 'string');

function rewriteByteLevel(step: Step): Step[] {
  const usesRegex = step['use_regex'] !== false;
  // With a prefix space the pattern has to run after it is added, which only the package's own step does.
  if (!usesRegex || step['add_prefix_space'] === true) return [step];
  return [isolate(gpt2), { ...step, use_regex: false }];
}

function rewriteSplit(step: Step, path: string): Step[] {
  const behavior = typeof step['behavior'] === 'string' ? step['behavior'] : 'Isolated';
  const pattern = step['pattern'] as { readonly String?: string } | undefined;
  if (behavior === 'Isolated' || behavior === 'Removed') return [step];
  // Gemma splits at spaces that its normalizer has already turned into U+2581, so nothing is split.
  if (behavior === 'MergedWithPrevious' && pattern?.String === ' ') return [];
  throw unsupportedTokenizer(path, `its pre-tokenizer splits by '${behavior}', which is not known`);
}

function rewriteStep(step: Step, path: string): Step[] {
  switch (step.type) {
    case 'Sequence': {
      const list = step['pretokenizers'];
      return isStepList(list) ? list.flatMap((inner) => rewriteStep(inner, path)) : [];
    }
    case 'Digits':
      return [isolate(step['individual_digits'] === true ? '\\p{N}' : '\\p{N}+')];
    case 'ByteLevel':
      return rewriteByteLevel(step);
    case 'Split':
      return rewriteSplit(step, path);
    default:
      return [step];
  }
}

export function rewritePreTokenizer(step: Step | null, path: string): Step | null {
  if (step === null) return null;
  const steps = rewriteStep(step, path);
  return steps.length === 0 ? null : { type: 'Sequence', pretokenizers: steps };
}

/** Every step of a chain, sequences unrolled. */
export function flattenSteps(step: Step | null, key: 'decoders' | 'normalizers' | 'pretokenizers' | 'processors'): Step[] {
  if (step === null) return [];
  const inner = step[key];
  return step.type === 'Sequence' && isStepList(inner) ? inner.flatMap((each) => flattenSteps(each, key)) : [step];
}

interface Steps {
  readonly normalizer: Step | null;
  readonly preTokenizer: Step | null;
}

/** The steps without whatever puts a space in front of the text; null where nothing does. */
export function stepsOfContinuation({ normalizer, preTokenizer }: Steps): Steps | null {
  const normalizers = flattenSteps(normalizer, 'normalizers');
  const kept = normalizers.filter((step) => step.type !== 'Prepend');
  const cutters = flattenSteps(preTokenizer, 'pretokenizers');
  const bare = cutters.map((step): Step => {
    if (step.type === 'Metaspace') return { ...step, prepend_scheme: 'never', add_prefix_space: false };
    return step['add_prefix_space'] === true ? { ...step, add_prefix_space: false } : step;
  });
  const unchanged = kept.length === normalizers.length && bare.every((step, i) => step === cutters[i]);
  if (unchanged) return null;
  return {
    normalizer: kept.length === 0 ? null : { type: 'Sequence', normalizers: kept },
    preTokenizer: bare.length === 0 ? null : { type: 'Sequence', pretokenizers: bare },
  };
}

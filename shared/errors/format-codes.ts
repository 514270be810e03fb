/** Failures of reading and writing models, adapters and tokenizers. */
import type { ErrorRow } from './error-row.ts';

export const formatCodes = {
  FILE_MISSING: { exit: 'data', http: 404, retry: 'change', message: '{what} not found: {path}', remedy: 'Check the path; `lathe inspect` tells what a file is.' },
  FILE_FORBIDDEN: { exit: 'data', http: 403, retry: 'change', message: 'No permission for {path} ({action})', remedy: 'Give this user the right to {action} it, or choose another place.' },
  FORMAT_UNKNOWN: { exit: 'data', http: 422, retry: 'change', message: '{path} is not a model, adapter or data file that Lathe reads', remedy: 'Lathe reads: {known}.' },
  GGUF_INVALID: { exit: 'data', http: 422, retry: 'change', message: '{path} is not a sound GGUF file: {problem} (at byte {offset})', remedy: 'Copy or download the file again.' },
  SAFETENSORS_INVALID: { exit: 'data', http: 422, retry: 'change', message: '{path} is not a sound safetensors file: {problem}', remedy: 'Copy or download the file again.' },
  MODEL_INVALID: { exit: 'data', http: 422, retry: 'change', message: 'The model at {path} is not usable: {problem}', remedy: 'Download it again, or convert it with a current converter.' },
  ARCHITECTURE_UNSUPPORTED: { exit: 'data', http: 422, retry: 'change', message: '{path} is a {architecture} model, which this version does not train', remedy: 'Supported families: {known}.' },
  TENSOR_TYPE_UNSUPPORTED: { exit: 'data', http: 422, retry: 'change', message: 'Tensor {tensor} of {path} has type {type}, which this version does not read', remedy: 'Use a file with one of: {known}.' },
  TOKENIZER_UNSUPPORTED: { exit: 'data', http: 422, retry: 'change', message: 'The tokenizer of {path} cannot be used: {problem}', remedy: 'Use a model file with one of: {known}.' },
  CHAT_TEMPLATE_INVALID: { exit: 'data', http: 422, retry: 'change', message: 'The chat template of {path} fails: {problem}', remedy: 'Use a model with a working chat template, or give the data as prompt/completion rows.' },
  ADAPTER_INVALID: { exit: 'data', http: 422, retry: 'change', message: 'The adapter at {path} is not usable: {problem}', remedy: 'Export it again from its run.' },
  ADAPTER_MISMATCH: { exit: 'data', http: 422, retry: 'change', message: 'The adapter at {path} does not fit the model: {problem}', remedy: 'Use the base model it was trained on: {base}.' },
  ADAPTER_NOT_IN_GGUF: { exit: 'usage', http: 422, retry: 'change', message: 'A GGUF adapter cannot hold {what}', remedy: 'Export with --to merged-gguf, which writes the whole model with the adapter in it.' },
  OUT_PROTECTED: { exit: 'usage', http: 409, retry: 'change', message: '--out {path} would write over {what}', remedy: 'Choose another --out.' },
  OUT_TAKEN: { exit: 'usage', http: 409, retry: 'change', message: '--out {path} is there already', remedy: 'Choose another --out, or add --force to replace it.' },
} as const satisfies Record<string, ErrorRow>;

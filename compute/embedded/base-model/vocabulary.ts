/** The embedded base model's vocabulary: trained on the first documents of the base corpus, the same on every machine. */
import { corpusTexts } from '../corpus/corpus.ts';
import { specialTokens } from '../tokenizer/chat-format.ts';
import { trainBpe, type BpeVocabulary } from '../tokenizer/train-bpe.ts';

export const baseVocabularySize = 2048;
const sampledDocuments = 20_000;
/** Pieces rarer than this are made-up words of the copying exercises; without this bound their syllables would fill the vocabulary. */
const minPieceCount = 30;

let trained: BpeVocabulary | undefined;

/** Trained once a process. */
export const trainBaseVocabulary = (): BpeVocabulary =>
  (trained ??= trainBpe(corpusTexts(sampledDocuments), { vocabularySize: baseVocabularySize, specialTokens, minPieceCount }));

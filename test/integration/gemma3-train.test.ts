/** Gemma 3 270M fine-tuned: a base model without a chat template, so that rows are rendered in the plain format. */
import { describeRealTraining } from '../support/real-model-train-suite.ts';
import { gemma3 } from '../support/real-models.ts';

describeRealTraining(gemma3, { rows: 24, share: 0.6 });

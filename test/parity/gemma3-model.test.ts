/** Gemma 3 270M against its reference run. */
import { gemma3 } from '../support/real-models.ts';
import { describeReferenceModel } from '../support/reference-model-suite.ts';

describeReferenceModel(gemma3, { steps: 10 });

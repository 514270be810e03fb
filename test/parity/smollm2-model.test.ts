/** SmolLM2 against its reference run. */
import { smollm2 } from '../support/real-models.ts';
import { describeReferenceModel } from '../support/reference-model-suite.ts';

describeReferenceModel(smollm2, { steps: 10 });

/** The real models against all of their reference runs. */
import { gemma3, smollm2 } from '../support/real-models.ts';
import { describeReferenceModel } from '../support/reference-model-suite.ts';

describeReferenceModel(gemma3, { steps: 20 });
describeReferenceModel(smollm2, { steps: 20 });

/** SmolLM2 fine-tuned. */
import { describeRealTraining } from '../support/real-model-train-suite.ts';
import { smollm2 } from '../support/real-models.ts';

describeRealTraining(smollm2, { rows: 32, share: 0.6 });

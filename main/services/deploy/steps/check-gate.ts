/** Whether the version may go there: approved, scored well enough, by scores that are of this very adapter. */
import type { StepAct } from './step-act.ts';

export const checkGate: StepAct = {
  run: async ({ deployment, services, step }) => {
    const { evidence, question } = await services.gate.judge(deployment);
    const isConfirmed = 'confirmed_by' in step.evidence;
    return { evidence: { ...step.evidence, ...evidence }, ...(question === null || isConfirmed ? {} : { question }) };
  },
};

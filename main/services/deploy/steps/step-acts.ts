/** Every kind of step with what it does. */
import type { StepKind } from '../../../../shared/domain/deployment.ts';
import { checkGate } from './check-gate.ts';
import { checkTarget } from './check-target.ts';
import { deliver } from './deliver.ts';
import { load } from './load.ts';
import { reload } from './reload.ts';
import { retire } from './retire.ts';
import { shift } from './shift.ts';
import type { StepAct } from './step-act.ts';
import { switchBack } from './switch-back.ts';
import { switchTo } from './switch.ts';
import { unload } from './unload.ts';
import { validate } from './validate.ts';
import { watch } from './watch.ts';
import { withdraw } from './withdraw.ts';

export const stepActs: { readonly [Kind in StepKind]: StepAct } = {
  check_target: checkTarget,
  check_gate: checkGate,
  deliver,
  unload,
  load,
  validate,
  switch: switchTo,
  shift,
  watch,
  retire,
  reload,
  switch_back: switchBack,
  withdraw,
};

/** The instruction sets a report measures under: all that this machine has but the reference, the best first. */
import { isaLadder, type Isa } from '../../../shared/domain/isa.ts';
import { allowedIsa } from '../../../compute/tensor/engine-setup.ts';

export const measuredIsas = (): readonly Isa[] => isaLadder(process.arch, allowedIsa()).filter((isa) => isa !== 'ref');

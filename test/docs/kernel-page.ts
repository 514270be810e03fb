/** resources/docs/kernel-table.md: the rows of the addon's kernel tables, as an x86-64 build has them. */
import { loadAddon } from '../../compute/tensor/load-addon.ts';
import { heading, table, type GeneratedPage } from './generated-page.ts';

const introduction = `
One table an operation. The first row is the plain reference that every other row answers to: |x − ref| ≤ tolerance × (|ref| + largest |ref| of the
tensor). At start the best row that the machine can run is chosen, or the best up to \`LATHE_ISA\`; \`lathe doctor\` shows the choice.
ARM builds have \`neon\` rows in place of the x86 ones, int8 products on CPUs with \`dotprod\`, and bf16 products under \`neonbf16\`.
`;

function make(): string {
  const kernels = loadAddon().listKernels();
  const ops = [...new Set(kernels.map(({ op }) => op))].sort();
  const sections = ops.map((op) => {
    const rows = kernels
      .filter((kernel) => kernel.op === op)
      .map(({ name, isa, needs, tolerance }) => [
        `\`${name}\``,
        needs === '' ? isa : `${isa}, on CPUs with ${needs}`,
        tolerance === 0 ? 'exact' : String(tolerance),
      ]);
    return `\n## ${op}\n\n${table(['Kernel', 'LATHE_ISA', 'Tolerance'], rows)}\n`;
  });
  return heading('Kernels', 'the native addon') + introduction + sections.join('');
}

export const kernelPage: GeneratedPage = {
  path: 'resources/docs/kernel-table.md',
  make,
  notHere: () => (process.arch === 'x64' ? undefined : `it lists an x86-64 build, and this machine is ${process.arch}`),
};

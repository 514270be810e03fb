/** A chart whose curves are thinned to what is shown of them: before it is drawn anew for another range or width, it says so, and is given its points. */
import { Chart, type ChartConfiguration, type UpdateMode } from 'chart.js';
import type { Point } from './decimate.ts';

export class ThinnedChart extends Chart<'line', Point[]> {
  readonly #ask: () => void;

  /** `ask`: another part of the curves is to be shown, and `drawNow` is waited for. */
  constructor(canvas: HTMLCanvasElement, configuration: ChartConfiguration<'line', Point[]>, ask: () => void) {
    super(canvas, configuration);
    this.#ask = ask;
  }

  /** Draws what its data are now. */
  drawNow(): void {
    super.update('none');
  }

  /** null: all there is, now and as it grows. */
  get range(): { readonly from: number; readonly to: number } | null {
    const x = this.options.scales?.['x'];
    if (x === undefined || typeof x.min !== 'number' || typeof x.max !== 'number') return null;
    if (this.isZoomedOrPanned()) return { from: x.min, to: x.max };
    // Zoomed out again as far as it goes.
    delete x.min;
    delete x.max;
    return null;
  }

  /** What zooming and resizing ask for. Drawing the old points first would be drawing twice. */
  override update(mode?: UpdateMode): void {
    // By the constructor of what this is made of.
    if (!(#ask in this)) return super.update(mode);
    if (mode === 'resize') super.update(mode);
    this.#takeRange();
    this.#ask();
  }

  /** The next turn of the wheel starts from here, drawn or not. */
  #takeRange(): void {
    const { x } = this.scales;
    const { min, max } = this.options.scales?.['x'] ?? {};
    if (x === undefined || typeof min !== 'number' || typeof max !== 'number') return;
    [x.min, x.max] = [min, max];
  }
}

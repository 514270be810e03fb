/**
 * A chart's description to SVG text, drawn without a browser. No background and colours of middle lightness: readable on white and on black.
 */
import { BarChart, LineChart, type BarSeriesOption, type LineSeriesOption } from 'echarts/charts';
import {
  GridComponent,
  LegendComponent,
  TitleComponent,
  type GridComponentOption,
  type LegendComponentOption,
  type TitleComponentOption,
} from 'echarts/components';
import { init, use, type ComposeOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([BarChart, LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

export type Chart = ComposeOption<BarSeriesOption | LineSeriesOption | GridComponentOption | LegendComponentOption | TitleComponentOption>;

const width = 720;
export const ink = '#767e87';
const faint = 'rgba(118,126,135,0.35)';
/** Told apart by people who see few colours, too; Lathe is the first, the reference the second. */
const palette = ['#2f8fd8', '#d9822b', '#2fa37a', '#b65fc2', '#c94f5d', '#8a8f2a', '#5b6fd6', '#2b9fa8', '#9a6b4f'];
/** No name with blanks: the library sets it between double quotes as it is. */
const font = 'system-ui, Helvetica, Arial, sans-serif';

const axis = {
  axisLabel: { color: ink },
  nameTextStyle: { color: ink },
  axisLine: { lineStyle: { color: faint } },
  splitLine: { lineStyle: { color: faint } },
};

export interface AxisText {
  /** Set beside the axis: below it, or to its left or right. */
  readonly name?: string;
  readonly side?: true;
  readonly categories?: readonly string[];
  /** The axis need not begin at 0. */
  readonly scale?: true;
  readonly min?: number;
}

/** An axis in the house's colours. */
export const axisOf = ({ name = '', side, categories, ...bounds }: AxisText) => ({
  ...axis,
  ...bounds,
  name,
  nameLocation: 'middle' as const,
  nameGap: side === undefined ? 28 : 48,
  ...(categories === undefined ? { type: 'value' as const } : { type: 'category' as const, data: [...categories] }),
});

/** The same chart gives the same text, in any order of drawing. */
export function draw(title: string, chart: Chart, height = 340): string {
  const instance = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    instance.setOption({
      animation: false,
      color: palette,
      textStyle: { fontFamily: font, color: ink },
      title: { text: title, left: 'center', top: 4, textStyle: { color: ink, fontSize: 15, fontWeight: 'normal' } },
      legend: { bottom: 4, textStyle: { color: ink }, itemWidth: 18, itemHeight: 10, itemGap: 22 },
      grid: { left: 76, right: 64, top: 44, bottom: 78 },
      ...chart,
    });
    return `${cleaned(instance.renderToSVGString()).trim()}\n`;
  } finally {
    instance.dispose();
  }
}

/** What serves a mouse is left out, and ids, which are counted over all charts of a process, start anew. */
function cleaned(svg: string): string {
  const still = svg.replace(/<style[\s\S]*?<\/style>\s*/, '').replaceAll(/ (class|ecmeta_\w+|pointer-events)="[^"]*"/g, '');
  const names = new Map<string, string>();
  return still.replaceAll(/zr\d+-[\w-]+/g, (id) => {
    const known = names.get(id) ?? `id-${String(names.size)}`;
    names.set(id, known);
    return known;
  });
}

/** Where a window opens: where it was, as far as the screens of today allow. */
import { z } from 'zod';

export const Bounds = z.object({ x: z.int(), y: z.int(), width: z.int().min(1), height: z.int().min(1) });
export type Bounds = z.infer<typeof Bounds>;

export const WindowState = z.object({ bounds: Bounds.nullable(), isMaximised: z.boolean() });
export type WindowState = z.infer<typeof WindowState>;

export const usualSize = { width: 1_280, height: 800 } as const;
export const smallestSize = { width: 800, height: 560 } as const;

const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(value, most));

/** How much of a title bar has to be on a screen so that a window can be dragged. */
const handle = 80;

/** `areas`: the usable part of each screen, the main one first. A window that no screen shows any more goes to the main one. */
export function fitBounds(wanted: Bounds, areas: readonly Bounds[]): Bounds | null {
  const [main] = areas;
  if (main === undefined) return null;
  const area = areas.find((each) => isReachable(wanted, each)) ?? main;
  const width = clamp(wanted.width, Math.min(smallestSize.width, area.width), area.width);
  const height = clamp(wanted.height, Math.min(smallestSize.height, area.height), area.height);
  return { width, height, x: clamp(wanted.x, area.x, area.x + area.width - width), y: clamp(wanted.y, area.y, area.y + area.height - height) };
}

const isReachable = (wanted: Bounds, area: Bounds): boolean =>
  wanted.x + wanted.width >= area.x + handle &&
  wanted.x <= area.x + area.width - handle &&
  wanted.y >= area.y - handle &&
  wanted.y <= area.y + area.height - handle;

/** A second window lies a little beside the first. */
export const beside = ({ x, y, width, height }: Bounds): Bounds => ({ x: x + 32, y: y + 32, width, height });

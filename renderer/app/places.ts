/** The places of the page: addresses, names and icons. The frame, the palette and the tests of every view come from this table. */
import { BookOpen, Boxes, Cpu, Database, FlaskConical, House, MessagesSquare, Play, RefreshCw, Rocket, Settings, type LucideIcon } from 'lucide-react';
import { texts } from '../texts/texts.ts';

export interface Place {
  readonly path: string;
  readonly title: string;
  readonly icon: LucideIcon;
  /** Where it stands in the frame. */
  readonly group: 'work' | 'results' | 'use' | 'foot';
}

export const places: readonly Place[] = [
  { path: '/', title: texts.places.home, icon: House, group: 'work' },
  { path: '/runs', title: texts.places.runs, icon: Play, group: 'work' },
  { path: '/models', title: texts.places.models, icon: Cpu, group: 'work' },
  { path: '/datasets', title: texts.places.datasets, icon: Database, group: 'work' },
  { path: '/registry', title: texts.places.registry, icon: Boxes, group: 'results' },
  { path: '/benchmarks', title: texts.places.benchmarks, icon: FlaskConical, group: 'results' },
  { path: '/deploy', title: texts.places.deploy, icon: Rocket, group: 'use' },
  { path: '/playground', title: texts.places.playground, icon: MessagesSquare, group: 'use' },
  { path: '/hana', title: texts.places.hana, icon: RefreshCw, group: 'use' },
  { path: '/settings', title: texts.places.settings, icon: Settings, group: 'foot' },
  { path: '/help', title: texts.places.help, icon: BookOpen, group: 'foot' },
];

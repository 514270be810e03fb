/** Which view stands at which address. Views are loaded when they are first shown. */
import { createHashRouter, type RouteObject } from 'react-router';
import { Loading } from '../components/states.tsx';
import { Frame } from './frame.tsx';
import { ViewFailed } from './error-boundary.tsx';
import { RouterRoot } from './router-root.tsx';

const view = (path: string, load: () => Promise<{ readonly View: React.ComponentType }>): RouteObject => ({
  path,
  errorElement: <ViewFailed />,
  hydrateFallbackElement: <Loading />,
  lazy: async () => ({ Component: (await load()).View }),
});

/** Addresses stand behind the #: the page is one file, under the window's scheme as under a host's address. */
export const newRouter = () =>
  createHashRouter([
    {
      element: <RouterRoot />,
      children: [
        {
          element: <Frame />,
          errorElement: <ViewFailed />,
          children: [
            view('/', () => import('../features/home/home-view.tsx')),
            view('/runs', () => import('../features/runs/runs-view.tsx')),
            view('/runs/new', () => import('../features/new-run/new-run-view.tsx')),
            view('/runs/compare', () => import('../features/runs/overlay-view.tsx')),
            view('/models', () => import('../features/models/models-view.tsx')),
            view('/models/:name', () => import('../features/models/model-view.tsx')),
            view('/datasets', () => import('../features/datasets/datasets-view.tsx')),
            view('/datasets/:name', () => import('../features/datasets/dataset-view.tsx')),
            view('/benchmarks', () => import('../features/benchmarks/benchmarks-view.tsx')),
            view('/benchmarks/new', () => import('../features/benchmarks/new-benchmark-view.tsx')),
            view('/benchmarks/runs/:run', () => import('../features/benchmarks/benchmark-run-view.tsx')),
            view('/benchmarks/compare', () => import('../features/benchmarks/compare-view.tsx')),
            view('/benchmarks/flips', () => import('../features/benchmarks/flips-view.tsx')),
            view('/benchmarks/trend', () => import('../features/benchmarks/trend-view.tsx')),
            view('/benchmarks/scores/:score', () => import('../features/benchmarks/score-view.tsx')),
            view('/benchmarks/schedules', () => import('../features/benchmarks/schedules-view.tsx')),
            view('/benchmarks/schedules/new', () => import('../features/benchmarks/schedule-form-view.tsx')),
            view('/benchmarks/schedules/:name', () => import('../features/benchmarks/schedule-view.tsx')),
            view('/benchmarks/schedules/:name/edit', () => import('../features/benchmarks/schedule-form-view.tsx')),
            view('/deploy', () => import('../features/deploy/deploy-view.tsx')),
            view('/deploy/new', () => import('../features/deploy/new-deployment-view.tsx')),
            view('/deploy/target/:target?', () => import('../features/deploy/target-view.tsx')),
            view('/deploy/:deployment', () => import('../features/deploy/deployment-view.tsx')),
            view('/hana', () => import('../features/hana/hana-view.tsx')),
            view('/hana/rows', () => import('../features/hana/fetch-rows-view.tsx')),
            view('/hana/connection/:connection?', () => import('../features/hana/connection-view.tsx')),
            view('/playground', () => import('../features/playground/playground-view.tsx')),
            view('/settings/:section?', () => import('../features/settings/settings-view.tsx')),
            view('/help/:page?', () => import('../features/help/help-view.tsx')),
            view('/runs/:run', () => import('../features/run/run-view.tsx')),
            view('/registry', () => import('../features/registry/registry-view.tsx')),
            view('/registry/new', () => import('../features/registry/new-version-view.tsx')),
            view('/registry/compare', () => import('../features/registry/compare-view.tsx')),
            view('/registry/:name/:version', () => import('../features/registry/version-view.tsx')),
          ],
        },
      ],
    },
  ]);

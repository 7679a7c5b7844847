import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router';
import { toLeaderboardSearch } from '../pages/leaderboard/search';
import { toModelsSearch } from '../pages/models/search';
import { toPicturesSearch } from '../pages/pictures/search';
import { toStartSearch } from '../pages/start/search';
import { StartPage } from '../pages/start/start-page';
import { NotFound, PageFailure, PageWaiting } from '../parts/states';
import { Shell } from './shell';

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

/** Pages with the navigation around them. */
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell });

const start = createRoute({
  getParentRoute: () => shell,
  path: '/',
  validateSearch: toStartSearch,
  component: StartPage,
});

const run = createRoute({
  getParentRoute: () => shell,
  path: '/runs/$runId',
  component: lazyRouteComponent(() => import('../pages/run/run-page'), 'RunPage'),
});

const pictures = createRoute({
  getParentRoute: () => shell,
  path: '/runs/$runId/pictures',
  validateSearch: toPicturesSearch,
  component: lazyRouteComponent(() => import('../pages/pictures/pictures-page'), 'PicturesPage'),
});

const leaderboard = createRoute({
  getParentRoute: () => shell,
  path: '/runs/$runId/leaderboard',
  validateSearch: toLeaderboardSearch,
  component: lazyRouteComponent(() => import('../pages/leaderboard/leaderboard-page'), 'LeaderboardPage'),
});

const tryIt = createRoute({
  getParentRoute: () => shell,
  path: '/models/$model',
  component: lazyRouteComponent(() => import('../pages/try/try-page'), 'TryPage'),
});

const models = createRoute({
  getParentRoute: () => shell,
  path: '/projects/$projectId/models',
  validateSearch: toModelsSearch,
  component: lazyRouteComponent(() => import('../pages/models/models-page'), 'ModelsPage'),
});

/** For everyone who has the link: nothing around it. */
const publicTry = createRoute({
  getParentRoute: () => root,
  path: '/try/$model',
  component: lazyRouteComponent(() => import('../pages/try/public-try-page'), 'PublicTryPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    shell.addChildren([start, run, pictures, leaderboard, tryIt, models]),
    publicTry,
  ]),
  defaultPendingComponent: PageWaiting,
  defaultErrorComponent: ({ error, reset }) => <PageFailure error={error} retry={reset} />,
  defaultNotFoundComponent: NotFound,
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

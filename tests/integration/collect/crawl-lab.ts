import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { startService, type Service } from '../../../src/app.js';
import { readEnv } from '../../../src/config/env.js';
import type { ImageView, ProjectView, RunView, UrlRow } from '../../../src/http/api.js';
import { STAGES, type StageName } from '../../../src/runs/run.js';
import { startPictureServer, type PictureServer } from '../../support/picture-server.js';
import { CACHE_DIR, followRun, isOver, request } from '../../support/service-process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** What the engine says to a query and page: addresses of pictures, or a status. */
export type EngineAnswer = readonly string[] | number | Promise<never>;

/** A SearXNG whose answers are scripted, and which remembers its questions as 'query/page'. */
export interface Engine {
  readonly url: string;
  readonly host: string;
  readonly asked: string[];
  answer: (query: string, page: number) => EngineAnswer;
  close(): Promise<void>;
}

export async function startEngine(): Promise<Engine> {
  const reply = async (url: string | undefined, response: http.ServerResponse): Promise<void> => {
    const parameters = new URL(url ?? '', 'http://engine').searchParams;
    const [query, page] = [parameters.get('q') ?? '', Number(parameters.get('pageno') ?? '1')];
    engine.asked.push(`${query}/${page}`);
    const answer = await engine.answer(query, page);
    if (typeof answer === 'number') return void response.writeHead(answer).end();
    const results = answer.map((address, n) => ({
      url: `https://pages.example/${query}/${page}/${n}`,
      img_src: address,
      title: `${query} ${n}`,
      author: n % 2 ? '=cmd()' : 'Ann, "the" Artist',
    }));
    response.end(JSON.stringify({ query, results }));
  };
  const server = http.createServer(({ url }, response) => void reply(url, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const engine: Engine = {
    url: `http://${host}`,
    host,
    asked: [],
    answer: () => [],
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return engine;
}

/** The whole service in this process, over a fresh data folder, with pictures and an engine to crawl. */
export interface CrawlLab {
  readonly url: string;
  readonly dataDir: string;
  readonly env: Record<string, string>;
  readonly engine: Engine;
  readonly pictures: PictureServer;
  project(...categories: string[]): Promise<ProjectView>;
  run(projectId: string, settings: Record<string, unknown>): Promise<RunView>;
  /** Follows a run until it is over or has left the crawl; then it is stopped, for the model is not what is tested. */
  crawled(runId: string): Promise<RunView>;
  images(runId: string, query?: string): Promise<ImageView[]>;
  /** Forgets what was asked, and answers with nothing but good pictures again. */
  reset(): void;
  close(): Promise<void>;
}

export async function openCrawlLab(pictureCount: number): Promise<CrawlLab> {
  const [folder, engine, pictures] = [
    await temporaryFolder(),
    await startEngine(),
    await startPictureServer(pictureCount, 4),
  ];
  const env = {
    GRAFT_DATA_DIR: folder.path,
    GRAFT_CACHE_DIR: CACHE_DIR,
    GRAFT_ALLOW_PRIVATE_HOSTS: [...pictures.hosts, engine.host].join(','),
    GRAFT_SEARXNG_URL: engine.url,
  };
  const service: Service = await startService({ env: readEnv(env), port: 0, logLevel: 'silent' });
  const { url } = service;
  return {
    url,
    dataDir: folder.path,
    env,
    engine,
    pictures,
    project: (...categories) => request(`${url}/api/projects`, { body: { categories } }),
    run: (projectId, settings) => request(`${url}/api/projects/${projectId}/runs`, { body: settings }),
    crawled: (runId) => crawled(url, runId),
    images: async (runId, query = '') => {
      const path = `${url}/api/runs/${runId}/images?limit=500${query}`;
      return (await request<{ items: ImageView[] }>(path)).items;
    },
    reset: () => {
      engine.asked.length = 0;
      engine.answer = () => [];
      pictures.failing.clear();
      pictures.requests.clear();
    },
    close: async () => {
      await service.close();
      await engine.close();
      await pictures.close();
      await folder.remove();
    },
  };
}

const beyondCrawl = (stage: StageName): boolean => STAGES.indexOf(stage) > STAGES.indexOf('split');

async function crawled(url: string, runId: string): Promise<RunView> {
  const run = await followRun(url, runId, (view) => isOver(view) || beyondCrawl(view.stage));
  return isOver(run) ? run : request<RunView>(`${url}/api/runs/${runId}/cancel`, { method: 'POST' });
}

/** Rows of a list: the pictures from `start` on, turn by turn for each category. */
export const rowsOf = (
  urls: readonly string[],
  categories: readonly string[],
  facts: Partial<UrlRow> = {},
): UrlRow[] => urls.map((url, n) => ({ category: categories[n % categories.length] ?? '', url, ...facts }));

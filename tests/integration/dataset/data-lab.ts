import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { startService, type Service } from '../../../src/app.js';
import { readEnv } from '../../../src/config/env.js';
import type { ImageView, ProjectView, RunView } from '../../../src/http/api.js';
import { STAGES, type StageName } from '../../../src/runs/run.js';
import { CACHE_DIR, followRun, isOver, request } from '../../support/service-process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { startEngine, type Engine } from '../collect/crawl-lab.js';

/** Pictures by name, over HTTP. */
async function servePictures(): Promise<{
  host: string;
  put(name: string, bytes: Buffer): string;
  close(): Promise<void>;
}> {
  const files = new Map<string, Buffer>();
  const server = http.createServer(({ url }, response) => {
    const bytes = files.get(url ?? '');
    if (!bytes) return void response.writeHead(404).end();
    response.setHeader('content-type', 'image/png').end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    put: (name, bytes) => {
      files.set(`/${name}`, bytes);
      return `http://${host}/${name}`;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The whole service in this process, with a search engine whose results the test writes. */
export interface DataLab {
  readonly url: string;
  readonly dataDir: string;
  readonly engine: Engine;
  /** Serves a picture and tells its address. */
  put(name: string, bytes: Buffer): string;
  project(...categories: string[]): Promise<ProjectView>;
  upload(project: ProjectView, category: string, files: ReadonlyMap<string, Buffer>): Promise<void>;
  /** Runs until the given stage is done, then stops: what comes after is not what is tested. */
  runThrough(projectId: string, stage: StageName, settings: Record<string, unknown>): Promise<RunView>;
  images(runId: string): Promise<ImageView[]>;
  close(): Promise<void>;
}

export async function openDataLab(): Promise<DataLab> {
  const [folder, engine, pictures] = [await temporaryFolder(), await startEngine(), await servePictures()];
  const env = readEnv({
    GRAFT_DATA_DIR: folder.path,
    GRAFT_CACHE_DIR: CACHE_DIR,
    GRAFT_ALLOW_PRIVATE_HOSTS: `${pictures.host},${engine.host}`,
    GRAFT_SEARXNG_URL: engine.url,
  });
  const service: Service = await startService({ env, port: 0, logLevel: 'silent' });
  const { url } = service;
  return {
    url,
    dataDir: folder.path,
    engine,
    put: (name, bytes) => pictures.put(name, bytes),
    project: (...categories) => request(`${url}/api/projects`, { body: { categories } }),
    upload: (project, category, files) => upload(url, project, category, files),
    runThrough: (projectId, stage, settings) => runThrough(url, projectId, stage, settings),
    images: async (runId) =>
      (await request<{ items: ImageView[] }>(`${url}/api/runs/${runId}/images?limit=500`)).items,
    close: async () => {
      await service.close();
      await engine.close();
      await pictures.close();
      await folder.remove();
    },
  };
}

async function upload(
  url: string,
  project: ProjectView,
  category: string,
  files: ReadonlyMap<string, Buffer>,
): Promise<void> {
  const form = new FormData();
  for (const [name, bytes] of files) form.append('files', new Blob([Uint8Array.from(bytes)]), name);
  const address = `${url}/api/projects/${project.id}/categories/${category}/images`;
  const response = await fetch(address, { method: 'POST', body: form });
  if (!response.ok) throw new Error(await response.text());
}

async function runThrough(
  url: string,
  projectId: string,
  stage: StageName,
  settings: Record<string, unknown>,
): Promise<RunView> {
  const started = await request<RunView>(`${url}/api/projects/${projectId}/runs`, { body: settings });
  const isBeyond = (run: RunView): boolean => STAGES.indexOf(run.stage) > STAGES.indexOf(stage);
  const run = await followRun(url, started.id, (view) => isOver(view) || isBeyond(view));
  if (isOver(run)) return run;
  return request<RunView>(`${url}/api/runs/${started.id}/cancel`, { method: 'POST' });
}

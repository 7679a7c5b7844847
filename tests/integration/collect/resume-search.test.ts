import { afterAll, expect, it } from 'vitest';
import type { ImageView, ProjectView, RunView } from '../../../src/http/api.js';
import { startPictureServer } from '../../support/picture-server.js';
import { followRun, isOver, request, startServiceProcess } from '../../support/service-process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { startEngine } from './crawl-lab.js';

const cleanups: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const clean of cleanups.reverse()) await clean();
});

const PER_PAGE = 6;
const never = new Promise<never>(() => undefined);

it('after SIGKILL paging goes on, without asking again for a page that was read', async () => {
  const [folder, engine, pictures] = [
    await temporaryFolder(),
    await startEngine(),
    await startPictureServer(30),
  ];
  cleanups.push(folder.remove, engine.close, pictures.close);
  const env = {
    GRAFT_ALLOW_PRIVATE_HOSTS: [...pictures.hosts, engine.host].join(','),
    GRAFT_SEARXNG_URL: engine.url,
  };
  let hangs = (): void => undefined;
  const reached = new Promise<void>((resolve) => (hangs = resolve));
  const pageOf = (query: string, page: number): string[] => {
    const own = query === 'cat' ? pictures.urls.slice(0, 18) : query === 'dog' ? pictures.urls.slice(18) : [];
    return own.slice((page - 1) * PER_PAGE, page * PER_PAGE);
  };
  engine.answer = (query, page) => {
    if (query !== 'cat' || page < 3) return pageOf(query, page);
    hangs();
    return never;
  };

  let service = await startServiceProcess(folder.path, env);
  cleanups.push(() => service.kill('SIGKILL'));
  const project = await request<ProjectView>(`${service.url}/api/projects`, {
    body: { categories: ['cat', 'dog'] },
  });
  const settings = { providers: ['searxng'], imagesPerCategory: 16, morePhrasings: false };
  const { id } = await request<RunView>(`${service.url}/api/projects/${project.id}/runs`, { body: settings });
  await reached;
  await service.kill('SIGKILL');
  expect(engine.asked).toEqual(expect.arrayContaining(['cat/1', 'cat/2', 'cat/3', 'dog/1', 'dog/2']));
  engine.answer = pageOf;

  service = await startServiceProcess(folder.path, env);
  await followRun(service.url, id, (run) => run.stage === 'split' || run.stage === 'features' || isOver(run));
  const { items } = await request<{ items: ImageView[] }>(
    `${service.url}/api/runs/${id}/images?category=cat&limit=500`,
  );
  expect(items.map(({ imageUrl, rank }) => [imageUrl, rank])).toEqual(
    pictures.urls.slice(0, 18).map((address, rank) => [address, rank]),
  );
  const times = (question: string): number => engine.asked.filter((asked) => asked === question).length;
  expect(['cat/1', 'cat/2', 'dog/1'].map(times)).toEqual([1, 1, 1]);
  expect(times('cat/3')).toBe(2); // its answer never came
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ProjectView } from '../../src/http/api.js';
import { startPictureServer, type PictureServer } from './picture-server.js';
import { request, startServiceProcess, type ServiceProcess } from './service-process.js';

/** A service beside a web of pictures that it may fetch. */
export interface ListedPictures {
  readonly pictures: PictureServer;
  readonly service: ServiceProcess;
  /** A new project of the categories even and odd, whose pictures are listed by their addresses. @returns its id */
  listed(): Promise<string>;
  close(): Promise<void>;
}

export async function startListedPictures(count: number): Promise<ListedPictures> {
  const root = await mkdtemp(path.join(tmpdir(), 'graft-listed-'));
  const pictures = await startPictureServer(count);
  const service = await startServiceProcess(path.join(root, 'data'), {
    GRAFT_ALLOW_PRIVATE_HOSTS: pictures.hosts.join(','),
  });
  return {
    pictures,
    service,
    listed: async () => {
      const { id } = await request<ProjectView>(`${service.url}/api/projects`, {
        body: { categories: ['even', 'odd'] },
      });
      const rows = pictures.urls.map((url, at) => ({ category: at % 2 ? 'odd' : 'even', url }));
      await request(`${service.url}/api/projects/${id}/urls`, { body: { rows } });
      return id;
    },
    close: async () => {
      await service.kill('SIGTERM');
      await pictures.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

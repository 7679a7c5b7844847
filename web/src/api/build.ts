import { inBatches, TEXTS } from '../lib/batches';
import { api, ask, toProblem, type Modality, type Project, type Run, type Schemas } from './client';
import { addTexts, type OwnTexts } from './texts';

export type RunSettings = Partial<Schemas['StartRunDto']>;

export interface OwnPictures {
  readonly category: string;
  readonly files: readonly File[];
}

export interface BuildOrder {
  /** The project that gets more; null begins a new one. */
  readonly projectId: string | null;
  readonly modality: Modality;
  readonly categories: readonly string[];
  readonly own: readonly OwnPictures[];
  readonly texts: OwnTexts;
  readonly settings: RunSettings;
}

export interface UploadProgress {
  readonly sent: number;
  readonly total: number;
  readonly rejected: number;
}

/** From names to a run that is on its way: a project, its own pictures or texts, the run. */
export async function build(order: BuildOrder, progress: (state: UploadProgress) => void): Promise<Run> {
  const projectId = order.projectId ?? (await newProject(order)).id;
  if (order.modality === 'text') await uploadTexts(projectId, order.texts, progress);
  else await upload(projectId, order.own, progress);
  return startRun(projectId, order.settings);
}

const newProject = ({ modality, categories }: BuildOrder): Promise<Project> =>
  ask(api.POST('/api/projects', { body: { modality, categories: [...categories] } }));

export const startRun = (projectId: string, settings: RunSettings): Promise<Run> =>
  ask(
    api.POST('/api/projects/{projectId}/runs', {
      params: { path: { projectId } },
      body: settings as Schemas['StartRunDto'],
    }),
  );

async function upload(
  projectId: string,
  own: readonly OwnPictures[],
  progress: (state: UploadProgress) => void,
): Promise<void> {
  const total = own.reduce((sum, { files }) => sum + files.length, 0);
  let state: UploadProgress = { sent: 0, total, rejected: 0 };
  for (const { category, files } of own) {
    for (const batch of inBatches(files, (file) => file.size)) {
      const { rejected } = await uploadBatch(projectId, category, batch);
      state = { total, sent: state.sent + batch.length, rejected: state.rejected + rejected.length };
      progress(state);
    }
  }
}

async function uploadTexts(
  projectId: string,
  { labelled, unlabelled }: OwnTexts,
  progress: (state: UploadProgress) => void,
): Promise<void> {
  const total = labelled.length + unlabelled.length;
  let state: UploadProgress = { sent: 0, total, rejected: 0 };
  const send = async (part: Partial<OwnTexts>): Promise<void> => {
    const { rejected } = await addTexts(projectId, part);
    const sent = (part.labelled ?? part.unlabelled ?? []).length;
    state = { total, sent: state.sent + sent, rejected: state.rejected + rejected.length };
    progress(state);
  };
  for (const part of inBatches(labelled, ({ text }) => text.length, TEXTS)) await send({ labelled: part });
  for (const part of inBatches(unlabelled, (text) => text.length, TEXTS)) await send({ unlabelled: part });
}

/** Sent by hand: forms with files are not what the generated client is good at. */
export async function uploadBatch(
  projectId: string,
  category: string,
  files: readonly File[],
): Promise<Schemas['UploadResultDto']> {
  const form = new FormData();
  for (const file of files) form.append('files', file, file.webkitRelativePath || file.name);
  const url = `/api/projects/${projectId}/categories/${encodeURIComponent(category)}/images`;
  const response = await fetch(url, { method: 'POST', body: form });
  const body: unknown = await response.json();
  if (!response.ok) throw toProblem(body, response.status);
  return body as Schemas['UploadResultDto'];
}

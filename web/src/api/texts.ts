import { api, ask, toProblem, type Schemas } from './client';

export type LabelledText = Schemas['ReadTextsDto']['labelled'][number];
type Kind = 'labelled' | 'unlabelled';

export interface OwnTexts {
  readonly labelled: readonly LabelledText[];
  readonly unlabelled: readonly string[];
}

/** What a file of texts holds, read by the service as the command line reads it. Nothing is kept there. */
export async function readTexts(kind: Kind, file: File): Promise<Schemas['ReadTextsDto']> {
  const form = new FormData();
  form.append('file', file);
  const response = await fetch(`/api/texts/read?kind=${kind}`, { method: 'POST', body: form });
  const body: unknown = await response.json();
  if (!response.ok) throw toProblem(body, response.status);
  return body as Schemas['ReadTextsDto'];
}

export const addTexts = (
  projectId: string,
  { labelled = [], unlabelled = [] }: Partial<OwnTexts>,
): Promise<Schemas['AddedTextsDto']> =>
  ask(
    api.POST('/api/projects/{projectId}/texts', {
      params: { path: { projectId } },
      body: { labelled: [...labelled], unlabelled: [...unlabelled] },
    }),
  );

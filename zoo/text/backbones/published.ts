import type { DownloadSource } from '../../backbones/card.js';
import { HUB } from '../../hub/hub-cards.js';
import type { TextCard } from './card.js';

interface EncoderFacts extends Pick<TextCard, 'id' | 'title' | 'family' | 'licence' | 'pretrainedOn'> {
  readonly repository: string;
  readonly maxTokens: number;
}

function encoder({ repository, maxTokens, ...facts }: EncoderFacts): TextCard {
  const file = (name: string): DownloadSource => ({
    kind: 'download',
    url: `${HUB}/${repository}/resolve/main/${name}`,
    bytes: null,
    sha256: null,
  });
  return {
    ...facts,
    origin: `${HUB}/${repository}`,
    source: { kind: 'encoder', model: file('onnx/model.onnx'), tokenizer: file('tokenizer.json'), maxTokens },
  };
}

/**
 * Published sentence encoders, small to middling. They are searched only when they were installed (`graft zoo pull`) or named.
 * Repositories, lengths and licences are from memory, not read from each repository (there was no internet where this was written);
 * the revision is not pinned: the checksums of both files are locked at the first download.
 */
export const publishedTextBackbones: readonly TextCard[] = [
  encoder({
    id: 'all-minilm-l6',
    title: 'all-MiniLM-L6-v2',
    family: 'MiniLM, 6 layers, 384 wide',
    licence: 'Apache-2.0',
    pretrainedOn: 'a billion pairs of English sentences',
    repository: 'Xenova/all-MiniLM-L6-v2',
    maxTokens: 256,
  }),
  encoder({
    id: 'bge-small-en',
    title: 'bge-small-en-v1.5',
    family: 'BERT, 12 layers, 384 wide',
    licence: 'MIT',
    pretrainedOn: 'pairs of English texts of the web',
    repository: 'Xenova/bge-small-en-v1.5',
    maxTokens: 512,
  }),
  encoder({
    id: 'multilingual-minilm-l12',
    title: 'paraphrase-multilingual-MiniLM-L12-v2',
    family: 'MiniLM, 12 layers, 384 wide',
    licence: 'Apache-2.0',
    pretrainedOn: 'parallel sentences in about 50 languages',
    repository: 'Xenova/paraphrase-multilingual-MiniLM-L12-v2',
    maxTokens: 128,
  }),
  encoder({
    id: 'multilingual-e5-small',
    title: 'multilingual-e5-small',
    family: 'XLM-R style, 12 layers, 384 wide',
    licence: 'MIT',
    pretrainedOn: 'a billion pairs of texts in about 100 languages',
    repository: 'Xenova/multilingual-e5-small',
    maxTokens: 512,
  }),
];

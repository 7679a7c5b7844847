import type { BackboneCard } from '../backbones/card.js';
import type { InputSpec } from '../preprocess/input-spec.js';

const HUB = 'https://huggingface.co';

type Triple = readonly [number, number, number];

const IMAGENET = { mean: [0.485, 0.456, 0.406] as Triple, std: [0.229, 0.224, 0.225] as Triple };
const HALF = { mean: [0.5, 0.5, 0.5] as Triple, std: [0.5, 0.5, 0.5] as Triple };
/** As CLIP was trained, arXiv 2103.00020. */
const CLIP = {
  mean: [0.48145466, 0.4578275, 0.40821073] as Triple,
  std: [0.26862954, 0.26130258, 0.27577711] as Triple,
};

type Preparation = Pick<InputSpec, 'mean' | 'std'> &
  Partial<Pick<InputSpec, 'resize' | 'cropShare' | 'kernel'>>;

const input = (side: number, preparation: Preparation): InputSpec => ({
  width: side,
  height: side,
  layout: 'nchw',
  channels: 'rgb',
  scale: 1 / 255,
  resize: 'crop',
  kernel: 'cubic',
  ...preparation,
});

interface HubFacts {
  readonly id: string;
  readonly title: string;
  readonly family: string;
  readonly licence: string;
  readonly pretrainedOn: string;
  readonly repository: string;
  readonly file: string;
  /** Commit of the repository. `main` moves: there the checksum of the first use is locked. */
  readonly revision: string;
  readonly input: InputSpec;
}

function card({ repository, file, revision, ...facts }: HubFacts): BackboneCard {
  const url = `${HUB}/${repository}/resolve/${revision}/${file}`;
  return {
    ...facts,
    origin: `${HUB}/${repository}`,
    weights: { kind: 'download', url, bytes: null, sha256: null },
  };
}

const imagenet = 'ImageNet-1k: 1.3 million photographs in 1000 categories';
const main = { file: 'onnx/model.onnx', revision: 'main' };
const tower = { file: 'onnx/vision_model.onnx', revision: 'main' };

/**
 * Published weights on a public hub, from small to strong. They are searched only when they were installed (`graft zoo pull`) or
 * named. Repositories and files as listed there; preprocessing and licences are those their families publish, from memory, not read from
 * each repository (there was no internet where this was written): compare before you rely on a score. Their exports give class
 * scores or embeddings: taps are found in the graph. The revision is not pinned; the checksum is locked at the first download.
 */
export const hubCards: readonly BackboneCard[] = [
  card({
    ...main,
    id: 'mobilenetv4-small',
    title: 'MobileNetV4 small',
    family: 'MobileNetV4 conv small',
    licence: 'Apache-2.0',
    pretrainedOn: imagenet,
    repository: 'onnx-community/mobilenetv4_conv_small.e2400_r224_in1k',
    input: input(224, { ...IMAGENET, cropShare: 0.875 }),
  }),
  card({
    ...main,
    id: 'mobilenetv4-medium',
    title: 'MobileNetV4 medium',
    family: 'MobileNetV4 conv medium',
    licence: 'Apache-2.0',
    pretrainedOn: imagenet,
    repository: 'onnx-community/mobilenetv4_conv_medium.e500_r256_in1k',
    input: input(256, { ...IMAGENET, cropShare: 0.95 }),
  }),
  card({
    ...main,
    id: 'resnet-18',
    title: 'ResNet-18',
    family: 'ResNet-18',
    licence: 'Apache-2.0',
    pretrainedOn: imagenet,
    repository: 'Xenova/resnet-18',
    input: input(224, { ...IMAGENET, cropShare: 0.875 }),
  }),
  card({
    ...main,
    id: 'resnet-50',
    title: 'ResNet-50',
    family: 'ResNet-50',
    licence: 'Apache-2.0',
    pretrainedOn: imagenet,
    repository: 'Xenova/resnet-50',
    input: input(224, { ...IMAGENET, cropShare: 0.875 }),
  }),
  card({
    ...main,
    id: 'convnext-tiny',
    title: 'ConvNeXt tiny',
    family: 'ConvNeXt',
    licence: 'Apache-2.0',
    pretrainedOn: imagenet,
    repository: 'Xenova/convnext-tiny-224',
    input: input(224, { ...IMAGENET, cropShare: 0.875 }),
  }),
  card({
    ...main,
    id: 'vit-base',
    title: 'ViT base, patches of 16',
    family: 'ViT-B/16',
    licence: 'Apache-2.0',
    pretrainedOn: 'ImageNet-21k: 14 million photographs in 21 843 categories',
    repository: 'Xenova/vit-base-patch16-224-in21k',
    input: input(224, { ...HALF, resize: 'squish', kernel: 'linear' }),
  }),
  card({
    ...main,
    id: 'dinov2-small',
    title: 'DINOv2 small',
    family: 'DINOv2 ViT-S/14',
    licence: 'Apache-2.0',
    pretrainedOn: 'LVD-142M: 142 million pictures, with no labels',
    repository: 'onnx-community/dinov2-small',
    input: input(224, { ...IMAGENET, cropShare: 0.875 }),
  }),
  card({
    ...main,
    id: 'dinov2-base',
    title: 'DINOv2 base',
    family: 'DINOv2 ViT-B/14',
    licence: 'Apache-2.0',
    pretrainedOn: 'LVD-142M: 142 million pictures, with no labels',
    repository: 'Xenova/dinov2-base',
    input: input(224, { ...IMAGENET, cropShare: 0.875 }),
  }),
  card({
    ...tower,
    id: 'clip-vit-base',
    title: 'CLIP image tower, ViT base, patches of 32',
    family: 'CLIP ViT-B/32',
    licence: 'MIT',
    pretrainedOn: '400 million pictures with their captions',
    repository: 'Xenova/clip-vit-base-patch32',
    input: input(224, CLIP),
  }),
  card({
    ...tower,
    id: 'siglip-base',
    title: 'SigLIP image tower, ViT base, patches of 16',
    family: 'SigLIP ViT-B/16',
    licence: 'Apache-2.0',
    pretrainedOn: 'WebLI: pictures of the web with their captions',
    repository: 'Xenova/siglip-base-patch16-224',
    input: input(224, { ...HALF, resize: 'squish' }),
  }),
];

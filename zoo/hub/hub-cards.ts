import type { BackboneCard } from '../backbones/card.js';
import type { InputSpec } from '../preprocess/input-spec.js';

/** The hub that the cards here name. */
export const HUB = 'https://huggingface.co';

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
  /** Commit of the repository. */
  readonly revision: string;
  /** Size as the hub's page rounds it. */
  readonly megabytes: number;
  /** Where a public page states it; else what was first fetched is locked. */
  readonly sha256?: string;
  readonly input: InputSpec;
}

function card(facts: HubFacts): BackboneCard {
  const { repository, file, revision, megabytes, sha256 = null, ...rest } = facts;
  const describedAt = `${HUB}/${repository}/resolve/${revision}/`;
  const url = `${describedAt}${file}`;
  return {
    ...rest,
    origin: `${HUB}/${repository}`,
    weights: {
      kind: 'download',
      url,
      bytes: null,
      roughBytes: Math.round(megabytes * 1e6),
      sha256,
      describedAt,
    },
  };
}

const imagenet = 'ImageNet-1k: 1.3 million photographs in 1000 categories';
const classifier = { licence: 'Apache-2.0', pretrainedOn: imagenet, file: 'onnx/model.onnx' };
const plain = { licence: 'Apache-2.0', file: 'onnx/model.onnx' };
const tower = { file: 'onnx/vision_model.onnx' };

/** The usual way to look at ImageNet: the middle 224 of 256. */
const USUAL = input(224, { ...IMAGENET, cropShare: 0.875 });

/**
 * Published weights on a public hub, from small to strong. They are searched only when they were installed (`graft zoo pull`) or
 * named. Their exports give class scores or embeddings: taps are found in the graph.
 *
 * There was no internet where this was written: all is from public pages and sources, read through a search of stored copies.
 * Repositories, files, revisions and checksums are as pages of the hub show them. Where preprocessing comes from stands beside
 * it: "its own" is the repository's `preprocessor_config.json`; where only its length was to be seen, a file of the same kind and
 * length was read in its place. Licences are those that the repositories of the original weights state.
 */
export const hubCards: readonly BackboneCard[] = [
  card({
    ...classifier,
    id: 'squeezenet-1.1',
    title: 'SqueezeNet 1.1',
    family: 'SqueezeNet 1.1',
    repository: 'lmz/candle-onnx',
    file: 'squeezenet1.1-7.onnx',
    revision: 'b60ad30d84c5bb84dbef425c715ac3ce42acdd5f',
    megabytes: 4.96,
    sha256: '1eeff551a67ae8d565ca33b572fc4b66e3ef357b0eb2863bb9ff47a918cc4088',
    // imagenet_preprocess.py of github.com/onnx/models, whose file this is, by its checksum; the licence too.
    input: input(224, { ...IMAGENET, cropShare: 0.875, kernel: 'linear' }),
  }),
  card({
    ...classifier,
    id: 'mobilenet-v2',
    title: 'MobileNetV2',
    family: 'MobileNetV2 1.0',
    repository: 'onnxmodelzoo/mobilenetv2-10',
    file: 'mobilenetv2-10.onnx',
    revision: '02be6d5da12f60afa5b76260fc44f9f715b4cf75',
    megabytes: 14,
    // imagenet_preprocess.py of github.com/onnx/models, the licence too.
    input: input(224, { ...IMAGENET, cropShare: 0.875, kernel: 'linear' }),
  }),
  card({
    ...classifier,
    id: 'mobilenetv3-large',
    title: 'MobileNetV3 large',
    family: 'MobileNetV3 large 1.0',
    repository: 'onnx-community/mobilenetv3_large_100.ra_in1k',
    revision: '5d2a48c332a69c55c9ac3ad081fa0db74b6aa608',
    megabytes: 22,
    // timm/mobilenetv3_large_100.ra_in1k, config.json; this revision has none of its own.
    input: USUAL,
  }),
  card({
    ...classifier,
    id: 'mobilenetv4-small',
    title: 'MobileNetV4 small',
    family: 'MobileNetV4 conv small',
    repository: 'onnx-community/mobilenetv4_conv_small.e2400_r224_in1k',
    revision: '3ba07f12712fa58fd6b3d661f9909c9e332c5005',
    megabytes: 15.1,
    // Its own, as the duplicate onnx-community/mobilenetv4s-webnn shows it; the same in timm.
    input: USUAL,
  }),
  card({
    ...classifier,
    id: 'mobilenetv4-medium',
    title: 'MobileNetV4 medium',
    family: 'MobileNetV4 conv medium',
    repository: 'onnx-community/mobilenetv4_conv_medium.e500_r256_in1k',
    revision: '46483fa826d2e19a097d182e35d1988f51c2180b',
    megabytes: 39,
    // timm/models/mobilenetv3.py of github.com/huggingface/pytorch-image-models; its own was not to be seen.
    input: input(256, { ...IMAGENET, cropShare: 0.95 }),
  }),
  card({
    ...classifier,
    id: 'efficientnet-b0',
    title: 'EfficientNet B0',
    family: 'EfficientNet B0',
    repository: 'Kalray/efficientnet-b0',
    file: 'efficientNet-b0.onnx',
    revision: 'c7cdbbfc4eda1e43e3577a583135c1af05a80081',
    megabytes: 21.1,
    sha256: '0fb1e040635c36fb710abd6c07ff5448654a16eeeaf5a75134f83021e1c33a7c',
    // torchvision's, which github.com/kalray/kann-models-zoo names as the source. The README of this revision says MIT.
    input: USUAL,
  }),
  card({
    ...classifier,
    id: 'resnet-18',
    title: 'ResNet-18',
    family: 'ResNet-18',
    repository: 'Xenova/resnet-18',
    revision: '6e70fa1eb2370c15569e723188a0b568963bf3b3',
    megabytes: 46.8,
    sha256: 'bafc17f0b4c629754795a49a015ff50b29f9f3329769f204a16db3c2bd869af0',
    // microsoft/resnet-18, onnx/preprocessor_config.json of its pull request 3; its own has the same length.
    input: USUAL,
  }),
  card({
    ...classifier,
    id: 'resnet-50',
    title: 'ResNet-50',
    family: 'ResNet-50',
    repository: 'Xenova/resnet-50',
    revision: '6791d258f4afcf677b8fb933a4f571b10c8bf725',
    megabytes: 102,
    // Of repositories fine-tuned from microsoft/resnet-50; its own has the same length.
    input: USUAL,
  }),
  card({
    ...classifier,
    id: 'convnext-tiny',
    title: 'ConvNeXt tiny',
    family: 'ConvNeXt',
    repository: 'Xenova/convnext-tiny-224',
    revision: '2d989c0a31d7ed2c87186ca6396eda0cf62e523a',
    megabytes: 115,
    // Xenova/convnext-base-224; its own has the same length.
    input: USUAL,
  }),
  card({
    ...plain,
    id: 'vit-base',
    title: 'ViT base, patches of 16',
    family: 'ViT-B/16',
    pretrainedOn: 'ImageNet-21k: 14 million photographs in 21 843 categories',
    repository: 'Xenova/vit-base-patch16-224-in21k',
    revision: '096edaa7104fcb9389ba5ecf0751f6d9a3b6eb44',
    megabytes: 343,
    // Its own.
    input: input(224, { ...HALF, resize: 'squish', kernel: 'linear' }),
  }),
  card({
    ...plain,
    id: 'dinov2-small',
    title: 'DINOv2 small',
    family: 'DINOv2 ViT-S/14',
    pretrainedOn: 'LVD-142M: 142 million pictures, with no labels',
    repository: 'Xenova/dinov2-small',
    revision: '560a572cedd01ab59cf1a614c2d9673397b65ef2',
    megabytes: 88.5,
    sha256: '83141175ec78b4ff9a2bb58a4c7c264ba0054d1c2e122e5a8114b79a8d4179ea',
    // Xenova/dinov2-base; facebook/dinov2-small has one of the same length.
    input: USUAL,
  }),
  card({
    ...plain,
    id: 'dinov2-base',
    title: 'DINOv2 base',
    family: 'DINOv2 ViT-B/14',
    pretrainedOn: 'LVD-142M: 142 million pictures, with no labels',
    repository: 'Xenova/dinov2-base',
    revision: '31039eeb603df058f44c4e1cd25f6add34f48169',
    megabytes: 347,
    sha256: '2c7a813d6e0d25784d0c29227760b08cb72f2bee9d928da935a31480a649bbce',
    // Its own.
    input: USUAL,
  }),
  card({
    ...tower,
    id: 'clip-vit-base',
    title: 'CLIP image tower, ViT base, patches of 32',
    family: 'CLIP ViT-B/32',
    licence: 'MIT',
    pretrainedOn: '400 million pictures with their captions',
    repository: 'Xenova/clip-vit-base-patch32',
    revision: '4c1807b705b1d015fb032789cc4d221b23025a6f',
    megabytes: 352,
    sha256: 'fd6e1402a588279d1723c7534d4bcba5bc0b14b47dfab0e46f8c47b8270d7d40',
    // Its own; the licence of github.com/openai/CLIP.
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
    revision: '294847d6b5fe86c91330269da98ce112d6c75e7e',
    megabytes: 372,
    // Its own.
    input: input(224, { ...HALF, resize: 'squish' }),
  }),
];

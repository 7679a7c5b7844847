import type { BackboneCard } from './card.js';

const GRAPH = 'StatefulPartitionedCall';

/**
 * The MobileNetV2 trunk of MoveNet Lightning (https://tfhub.dev/google/movenet/singlepose/lightning/4, Apache-2.0), as
 * @vladmandic/human ships it: weights as 16-bit floats, whole numbers 0..255 RGB at 192 x 192 (src/body/movenetfix.ts there);
 * the graph itself subtracts the mean. 0..1 instead costs 14 points (best tap, ridge, leave-one-out, 120 flowers). Cut behind the steps that take a batch of one apart and before the feature pyramid.
 */
export const humanMovenet: BackboneCard = {
  id: 'human-movenet',
  title: 'MobileNetV2 of MoveNet Lightning (human)',
  family: 'MobileNetV2 1.0',
  licence: 'Apache-2.0',
  origin: '@vladmandic/human@3.3.6',
  pretrainedOn: 'ImageNet, then COCO and Active: the poses of people',
  weights: {
    kind: 'tfjs-graph',
    packageName: '@vladmandic/human',
    packageFolder: 'models',
    modelFile: 'movenet-lightning.json',
    bytes: 4812029,
    sha256: '820996ebc95ec0aaab828ebb34ab525328cbbe8a242e9db9f65eaa8fe893424f',
    inputNode: `${GRAPH}/stack`,
    outputNode: `${GRAPH}/center_net_mobile_net_v2fpn_feature_extractor/model_1/model/out_relu/Relu6`,
  },
  input: {
    width: 192,
    height: 192,
    layout: 'nhwc',
    channels: 'rgb',
    scale: 1,
    mean: [0, 0, 0],
    std: [1, 1, 1],
    resize: 'crop',
    kernel: 'linear',
  },
};

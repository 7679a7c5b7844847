import { beforeAll, describe, expect, it } from 'vitest';
import { convertGraphModel } from '../../../../zoo/graph/convert/convert-graph-model.js';
import { GraphError, UnsupportedLayerError } from '../../../../zoo/index.js';
import { compareNodes } from './graph-reference.js';
import { GraphWriter } from './graph-writer.js';
import { useBackend } from './tfjs-reference.js';

const SIZE = { height: 13, width: 10 };

beforeAll(() => useBackend('cpu'));

/** Writes nodes that read `x`, three channels; the last one is compared. */
type Write = (net: GraphWriter, x: string) => string;

async function worst(write: Write): Promise<number> {
  const net = new GraphWriter();
  const last = write(net, 'x');
  const { json, shards } = net.model();
  return (await compareNodes(json, shards, [last], { ...SIZE, batch: 2 })).get(last) ?? Infinity;
}

const ones = [1, 1, 1, 1];
const window = (stride: number, padding: string, dilation = 1) => ({
  strides: [1, stride, stride, 1],
  dilations: [1, dilation, dilation, 1],
  padding,
});

const conv: Write = (net, x) =>
  net.node('Conv2D', 'conv', [x, net.floats('k', [3, 3, 3, 6])], window(1, 'SAME'));

const fused =
  (activation: string | null): Write =>
  (net, x) => {
    const inputs = [x, net.floats('k', [3, 3, 3, 6]), net.floats('b', [6])];
    if (activation === 'Prelu') inputs.push(net.floats('slope', [6]));
    const ops = activation === null ? ['BiasAdd'] : ['BiasAdd', activation];
    return net.node('_FusedConv2D', 'conv', inputs, {
      ...window(2, 'SAME'),
      fused_ops: ops,
      num_args: inputs.length - 2,
    });
  };

const binary =
  (op: string): Write =>
  (net, x) => {
    const left = net.node('Sigmoid', 'left', [x]);
    return net.node(op, 'out', [
      left,
      net.node('Relu', 'right', [net.node('Sub', 's', [x, net.scalar('half', 0.5)])]),
    ]);
  };

const withConstant =
  (op: string, shape: readonly number[], low?: number): Write =>
  (net, x) =>
    net.node(op, 'out', [net.floats('c', shape, low), x]);

const unary =
  (op: string): Write =>
  (net, x) =>
    net.node(op, 'out', [net.node('Sub', 's', [x, net.scalar('half', 0.5)])]);

const reduce =
  (op: string, axes: readonly number[], keep_dims: boolean): Write =>
  (net, x) =>
    net.node(op, 'out', [x, net.ints('axes', axes)], { keep_dims });

const resize =
  (op: string, flags: Record<string, boolean>, size = [29, 17]): Write =>
  (net, x) =>
    net.node(op, 'out', [x, net.ints('size', size)], flags);

const vector: Write = (net, x) =>
  net.node('Mean', 'vector', [x, net.ints('space', [1, 2])], { keep_dims: false });

const slice =
  (begin: number[], end: number[], strides: number[], masks: Record<string, number>): Write =>
  (net, x) =>
    net.node('StridedSlice', 'out', [x, net.ints('b', begin), net.ints('e', end), net.ints('s', strides)], {
      begin_mask: 0,
      end_mask: 0,
      shrink_axis_mask: 0,
      ellipsis_mask: 0,
      new_axis_mask: 0,
      ...masks,
    });

const hardSwish =
  (order: 'scaled-first' | 'gate-first'): Write =>
  (net, x) => {
    const y = net.node('Mul', 'y', [
      net.node('Sub', 's', [x, net.scalar('half', 0.5)]),
      net.scalar('ten', 10),
    ]);
    const scaled = net.node('Mul', 'scaled', [net.scalar('sixth', 1 / 6), y]);
    const gate = net.node('Relu6', 'gate', [net.node('AddV2', 'shifted', [y, net.scalar('three', 3)])]);
    return net.node('Mul', 'out', order === 'scaled-first' ? [scaled, gate] : [gate, scaled]);
  };

const cases: Readonly<Record<string, Write>> = {
  'convolution, same': conv,
  'convolution, same, stride 2': (net, x) =>
    net.node('Conv2D', 'out', [x, net.floats('k', [4, 3, 3, 6])], window(2, 'SAME')),
  'convolution, valid, stride 3': (net, x) =>
    net.node('Conv2D', 'out', [x, net.floats('k', [3, 2, 3, 6])], window(3, 'VALID')),
  'convolution, dilated': (net, x) =>
    net.node('Conv2D', 'out', [x, net.floats('k', [3, 3, 3, 6])], window(1, 'SAME', 2)),
  'convolution, explicit padding': (net, x) =>
    net.node('Conv2D', 'out', [x, net.floats('k', [3, 3, 3, 6])], {
      ...window(2, 'EXPLICIT'),
      explicit_paddings: [0, 0, 1, 2, 0, 1, 0, 0],
    }),
  'depthwise, multiplier 2': (net, x) =>
    net.node('DepthwiseConv2dNative', 'out', [x, net.floats('k', [3, 3, 3, 2])], window(2, 'SAME')),
  'depthwise, fused': (net, x) =>
    net.node('FusedDepthwiseConv2dNative', 'out', [x, net.floats('k', [3, 3, 3, 1]), net.floats('b', [3])], {
      ...window(1, 'SAME'),
      fused_ops: ['BiasAdd', 'Relu6'],
      num_args: 1,
    }),
  'fused bias': fused(null),
  'fused bias and ReLU': fused('Relu'),
  'fused bias and ReLU6': fused('Relu6'),
  'fused bias and ELU': fused('Elu'),
  'fused bias and sigmoid': fused('Sigmoid'),
  'fused bias and PReLU': fused('Prelu'),
  'bias as a node of its own': (net, x) => net.node('BiasAdd', 'out', [conv(net, x), net.floats('b', [6])]),
  'batch normalisation': (net, x) =>
    net.node(
      'FusedBatchNormV3',
      'out',
      [
        conv(net, x),
        net.floats('g', [6]),
        net.floats('o', [6]),
        net.floats('m', [6]),
        net.floats('v', [6], 0.1),
      ],
      { epsilon: { f: 0.01 }, is_training: false },
    ),
  'max pooling, same': (net, x) =>
    net.node('MaxPool', 'out', [x], { ...window(2, 'SAME'), ksize: [1, 3, 3, 1] }),
  'average pooling, same': (net, x) =>
    net.node('AvgPool', 'out', [x], { ...window(2, 'SAME'), ksize: [1, 3, 2, 1] }),
  'average pooling, valid': (net, x) =>
    net.node('AvgPool', 'out', [x], { ...window(2, 'VALID'), ksize: [1, 2, 2, 1] }),
  'mean over space': vector,
  'mean over space, kept': reduce('Mean', [1, 2], true),
  'mean over channels': reduce('Mean', [-1], false),
  'maximum over rows': reduce('Max', [1], false),
  'sum over channels, kept': reduce('Sum', [3], true),
  'minimum over columns, kept': reduce('Min', [2], true),
  add: binary('AddV2'),
  subtract: binary('Sub'),
  multiply: binary('Mul'),
  maximum: binary('Maximum'),
  minimum: binary('Minimum'),
  'a constant a channel': withConstant('Sub', [3]),
  'a constant a pixel': withConstant('Mul', [13, 10, 1]),
  'a constant a column and channel': withConstant('AddV2', [1, 1, 10, 3]),
  'division by a constant': (net, x) => net.node('RealDiv', 'out', [x, net.floats('c', [3], 0.5)]),
  'power of a constant': (net, x) => net.node('Pow', 'out', [x, net.scalar('two', 2)]),
  'hard swish': hardSwish('scaled-first'),
  'hard swish, the other way round': hardSwish('gate-first'),
  'hard sigmoid': (net, x) => {
    const shifted = net.node('Add', 'shifted', [x, net.scalar('three', 3)]);
    return net.node('Mul', 'out', [net.scalar('sixth', 1 / 6), net.node('Relu6', 'gate', [shifted])]);
  },
  'pad with zeros': (net, x) => net.node('Pad', 'out', [x, net.ints('p', [0, 0, 1, 2, 3, 0, 0, 1], [4, 2])]),
  'pad with a value': (net, x) =>
    net.node('PadV2', 'out', [x, net.ints('p', [0, 0, 1, 2, 3, 0, 0, 1], [4, 2]), net.scalar('v', -7)]),
  'pad by reflection': (net, x) =>
    net.node('MirrorPad', 'out', [x, net.ints('p', [0, 0, 1, 2, 3, 0, 0, 0], [4, 2])], { mode: 'REFLECT' }),
  'flatten and multiply': (net, x) => {
    const flat = net.node('Reshape', 'flat', [x, net.ints('shape', [-1, 390])]);
    return net.node('MatMul', 'out', [flat, net.floats('w', [390, 5])], {
      transpose_a: false,
      transpose_b: false,
    });
  },
  'a size computed from the shape': (net, x) => {
    const shape = net.node('Shape', 'shape', [x]);
    const cut = [net.ints('b', [0]), net.ints('e', [1]), net.ints('s', [1])];
    const batch = net.node('StridedSlice', 'batch', [shape, ...cut], {
      begin_mask: 0,
      end_mask: 0,
      shrink_axis_mask: 1,
      ellipsis_mask: 0,
      new_axis_mask: 0,
    });
    const size = net.node('Pack', 'size', [batch, net.ints('rest', [390], [])], { N: 2, axis: 0 });
    return net.node('Reshape', 'out', [x, size]);
  },
  'reshape to a picture': (net, x) => net.node('Reshape', 'out', [x, net.ints('shape', [-1, 10, 3, 13])]),
  'fused product, turned': (net, x) =>
    net.node('_FusedMatMul', 'out', [vector(net, x), net.floats('w', [5, 3]), net.floats('b', [5])], {
      transpose_a: false,
      transpose_b: true,
      fused_ops: ['BiasAdd', 'Relu'],
      num_args: 1,
    }),
  transpose: (net, x) => net.node('Transpose', 'out', [x, net.ints('perm', [0, 3, 1, 2])]),
  'transpose, another way': (net, x) => net.node('Transpose', 'out', [x, net.ints('perm', [0, 2, 3, 1])]),
  'concatenate channels': (net, x) =>
    net.node('ConcatV2', 'out', [x, conv(net, x), net.ints('axis', [-1], [])], { N: 2 }),
  'concatenate rows': (net, x) => net.node('ConcatV2', 'out', [x, x, net.ints('axis', [1], [])], { N: 2 }),
  'squeeze of a pixel': (net, x) =>
    net.node('Squeeze', 'squeezed', [reduce('Mean', [1, 2], true)(net, x)], { squeeze_dims: [1, 2] }),
  'another axis for a vector': (net, x) =>
    net.node('ExpandDims', 'out', [vector(net, x), net.ints('axis', [1], [])]),
  'softmax of a vector': (net, x) => net.node('Softmax', 'out', [vector(net, x)]),
  'softmax over channels': (net, x) => net.node('Softmax', 'out', [x]),
  'PReLU as a node of its own': (net, x) =>
    net.node('Prelu', 'out', [net.node('Sub', 's', [x, net.scalar('h', 0.5)]), net.floats('slope', [3])]),
  'slice of rows and channels': slice([0, 2, 0, 1], [0, 11, 0, 3], [1, 3, 1, 1], {
    begin_mask: 5,
    end_mask: 5,
  }),
  'slice from the end': slice([0, -4, 0, 0], [0, -1, 0, 0], ones, { begin_mask: 13, end_mask: 13 }),
  'slice that drops an axis': slice([0, 5, 0, 0], [0, 6, 0, 0], ones, {
    begin_mask: 13,
    end_mask: 13,
    shrink_axis_mask: 2,
  }),
  'bilinear, oldest': resize('ResizeBilinear', { align_corners: false, half_pixel_centers: false }),
  'bilinear, half pixel': resize('ResizeBilinear', { align_corners: false, half_pixel_centers: true }),
  'bilinear, aligned': resize('ResizeBilinear', { align_corners: true, half_pixel_centers: false }),
  'bilinear, smaller': resize('ResizeBilinear', { align_corners: false, half_pixel_centers: true }, [5, 6]),
  'nearest, oldest': resize('ResizeNearestNeighbor', { align_corners: false, half_pixel_centers: false }),
  'nearest, half pixel': resize('ResizeNearestNeighbor', { align_corners: false, half_pixel_centers: true }),
  'weights of 8 bits': (net, x) =>
    net.node('Conv2D', 'out', [x, net.quantised('k', [3, 3, 3, 6], 'uint8')], window(1, 'SAME')),
  'weights of 16 bits': (net, x) =>
    net.node('Conv2D', 'out', [x, net.quantised('k', [3, 3, 3, 6], 'uint16')], window(1, 'SAME')),
  'weights of half floats': (net, x) =>
    net.node('Conv2D', 'out', [x, net.quantised('k', [3, 3, 3, 6], 'float16')], window(1, 'SAME')),
  'identity and cast': (net, x) =>
    net.node('Relu', 'out', [
      net.node('Identity', 'i', [
        net.node('Cast', 'c', [x], { SrcT: { type: 'DT_FLOAT' }, DstT: { type: 'DT_FLOAT' } }),
      ]),
    ]),
};

const UNARY = ['Relu', 'Relu6', 'Sigmoid', 'Tanh', 'Elu', 'Selu', 'Softplus', 'Exp', 'Abs', 'Neg', 'Square'];

describe('every operator gives what TensorFlow.js gives', () => {
  it.each(Object.entries(cases))('%s', async (_name, write) => {
    expect(await worst(write)).toBeLessThan(1e-5);
  });

  it.each(UNARY)('%s', async (op) => {
    expect(await worst(unary(op))).toBeLessThan(1e-5);
  });

  it.each(['Sqrt', 'Rsqrt'])('%s', async (op) => {
    const write: Write = (net, x) => net.node(op, 'out', [net.node('AddV2', 'a', [x, net.scalar('one', 1)])]);
    expect(await worst(write)).toBeLessThan(1e-5);
  });

  it.each([7, 8, 9, 10])('same padding at size %i', async (side) => {
    const net = new GraphWriter();
    net.node('Conv2D', 'out', ['x', net.floats('k', [5, 5, 3, 2])], window(3, 'SAME'));
    const { json, shards } = net.model();
    const found = await compareNodes(json, shards, ['out'], { height: side, width: side + 1 });
    expect(found.get('out')).toBeLessThan(1e-5);
  });
});

describe('parts of a graph', () => {
  it('hold nothing before their input and after their output', () => {
    const net = new GraphWriter();
    const start = net.node('Unpack', 'unpacked', ['x'], { num: 1, axis: 0 });
    const end = net.node('Relu', 'end', [net.node('AddV2', 'sum', [start, net.floats('c', [3])])]);
    net.node('TopKV2', 'detections', [end]);
    const { json, shards } = net.model();
    const { model } = convertGraphModel(json, shards, { ...SIZE, input: start, outputs: [end] });
    expect(model.nodes.map((node) => node.op)).toEqual(['Transpose', 'Add', 'Relu']);
    expect(model.outputs.map(({ name }) => name)).toEqual(['end']);
    expect([...model.constants.values()].map(({ dims }) => dims)).toEqual([[1, 3, 1, 1]]);
  });
});

describe('what cannot be converted', () => {
  const convert = (write: Write): void => {
    const net = new GraphWriter();
    write(net, 'x');
    const { json, shards } = net.model();
    convertGraphModel(json, shards, SIZE);
  };

  it('is named with its operator', () => {
    const write: Write = (net, x) => net.node('TopKV2', 'best/ten', [x]);
    expect(() => convert(write)).toThrow(UnsupportedLayerError);
    expect(() => convert(write)).toThrow(/"best\/ten" \(TopKV2\)/);
  });

  it.each<[string, Write, RegExp]>([
    [
      'a reshape that mixes pictures',
      (net, x) => net.node('Reshape', 'r', [x, net.ints('s', [-1, 3])]),
      /mixes the pictures/,
    ],
    ['an unknown fusion', fused('Gelu'), /fused with BiasAdd, Gelu/],
    [
      'a second output',
      (net, x) => net.node('Relu', 'r', [`${net.node('Split', 's', [x])}:1`]),
      /output 1 of "s"/,
    ],
    [
      'channels-first data',
      (net, x) => net.node('MaxPool', 'p', [x], { data_format: 'NCHW', ksize: ones, strides: ones }),
      /channels-last/,
    ],
    [
      'symmetric padding',
      (net, x) =>
        net.node('MirrorPad', 'p', [x, net.ints('a', [0, 0, 1, 1, 1, 1, 0, 0], [4, 2])], {
          mode: 'SYMMETRIC',
        }),
      /SYMMETRIC/,
    ],
    ['a reduction of the batch', reduce('Mean', [0], true), /pictures of a batch/],
  ])('%s', (_name, write, message) => {
    expect(() => convert(write)).toThrow(message);
  });

  it('is told when there is no such node, or no graph', () => {
    const { json, shards } = new GraphWriter().model();
    expect(() => convertGraphModel(json, shards, { ...SIZE, outputs: ['nowhere'] })).toThrow(
      /no node "nowhere"/,
    );
    const layers = { modelTopology: {}, weightsManifest: [] };
    expect(() => convertGraphModel(layers, shards, SIZE)).toThrow(GraphError);
  });

  it('is told when a node reads its own output', () => {
    const write: Write = (net, x) =>
      net.node('Tanh', 'end', [net.node('AddV2', 'a', [x, net.node('Relu', 'b', ['a'])])]);
    expect(() => {
      convert(write);
    }).toThrow(/reads its own output/);
  });

  it('is told when weights and manifest differ', () => {
    const net = new GraphWriter();
    conv(net, 'x');
    const { json, shards } = net.model();
    expect(() => convertGraphModel(json, shards.subarray(4), SIZE)).toThrow(GraphError);
    expect(() => convertGraphModel(json, new Uint8Array(shards.length + 4), SIZE)).toThrow(GraphError);
  });
});

import type { GraphNode, Model, Tensor } from '../../../../zoo/graph/model.js';
import { floats, ints, node } from '../../../../zoo/graph/model.js';
import { createRng } from '../../../../zoo/index.js';

/** Writes small ONNX networks layer by layer, with random weights, as exporters would. */
export class NetworkWriter {
  private readonly nodes: GraphNode[] = [];
  private readonly constants = new Map<string, Tensor>();
  private readonly rng = createRng('network');

  constructor(
    readonly side = 16,
    readonly channels = 3,
  ) {}

  private weights(name: string, dims: readonly number[]): string {
    const count = dims.reduce((a, b) => a * b, 1);
    const values = Float32Array.from({ length: count }, () => this.rng.next() - 0.5);
    this.constants.set(name, floats(name, dims, values));
    return name;
  }

  op(kind: string, inputs: readonly string[], name: string, attributes?: Parameters<typeof node>[3]): string {
    this.nodes.push(node(kind, inputs, name, attributes));
    return name;
  }

  conv(
    input: string,
    name: string,
    [from, to]: readonly [number, number],
    options: { stride?: number; group?: number } = {},
  ): string {
    const { stride = 1, group = 1 } = options;
    const kernel = this.weights(`${name}.w`, [to, from / group, 3, 3]);
    return this.op('Conv', [input, kernel], name, { pads: [1, 1, 1, 1], strides: [stride, stride], group });
  }

  /** Convolution and ReLU; the ReLU has the name. */
  block(
    input: string,
    name: string,
    sizes: readonly [number, number],
    options?: { stride?: number; group?: number },
  ): string {
    return this.op('Relu', [this.conv(input, `${name}.conv`, sizes, options)], name);
  }

  dense(input: string, name: string, sizes: readonly [number, number]): string {
    return this.op('Gemm', [input, this.weights(`${name}.w`, sizes)], name);
  }

  /** A constant of given dims that nothing of the picture goes into. */
  constant(name: string, dims: readonly number[]): string {
    return this.weights(name, dims);
  }

  /** Whole numbers, such as a shape. */
  sizes(name: string, values: readonly number[]): string {
    this.constants.set(name, ints(name, values));
    return name;
  }

  /** Global pooling, flattening and a dense classifier. */
  classifier(input: string, channels: number): string {
    const pooled = this.op('GlobalAveragePool', [input], 'pool');
    const flat = this.op('Flatten', [pooled], 'flat', { axis: 1 });
    return this.op('Softmax', [this.dense(flat, 'logits', [channels, 5])], 'scores', { axis: 1 });
  }

  model(...outputs: string[]): Model {
    return {
      irVersion: 8,
      opsets: { '': 13 },
      producer: 'test',
      nodes: this.nodes,
      constants: this.constants,
      inputs: [{ name: 'x', type: 'float32', dims: ['N', this.channels, this.side, this.side] }],
      outputs: outputs.map((name) => ({ name, type: null, dims: [] })),
      metadata: {},
      functions: [],
    };
  }

  get dims(): readonly number[] {
    return [1, this.channels, this.side, this.side];
  }
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Model } from '../../../../zoo/graph/model.js';
import { floats, floatValues, ints, node } from '../../../../zoo/graph/model.js';
import { readModel, writeModel } from '../../../../zoo/graph/model-file.js';
import { ModelProto } from '../../../../zoo/graph/schema.js';
import { sortNodes } from '../../../../zoo/graph/structure.js';
import { extract } from '../../../../zoo/graph/surgery.js';
import { GraphError, openSession } from '../../../../zoo/index.js';
import { NetworkWriter } from './small-networks.js';

const network = (): Model => {
  const net = new NetworkWriter();
  return net.model(net.classifier(net.block('x', 'a', [3, 8]), 8));
};

describe('reading and writing', () => {
  it('keeps everything', () => {
    const model: Model = { ...network(), metadata: { labels: '["ä","b"]' } };
    const back = readModel(writeModel(model));
    expect(back.nodes).toEqual(model.nodes);
    expect(back.inputs).toEqual(model.inputs);
    expect(back.metadata).toEqual(model.metadata);
    expect(back.opsets).toEqual(model.opsets);
    expect([...back.constants.keys()]).toEqual([...model.constants.keys()]);
    for (const [name, tensor] of model.constants) {
      expect(floatValues(back.constants.get(name) ?? tensor)).toEqual(floatValues(tensor));
    }
  });

  it('keeps any float and any int64 that a number can hold', () => {
    fc.assert(
      fc.property(fc.array(fc.float(), { minLength: 1 }), fc.array(fc.maxSafeInteger()), (values, sizes) => {
        const constants = [floats('f', [values.length], values), ints('i', sizes)];
        const model = { ...network(), constants: new Map(constants.map((tensor) => [tensor.name, tensor])) };
        const back = readModel(writeModel(model));
        expect(floatValues(back.constants.get('f') as never)).toEqual(Float32Array.from(values));
        expect(Buffer.from(back.constants.get('i')?.raw ?? [])).toEqual(Buffer.from(ints('i', sizes).raw));
      }),
    );
  });

  it('gives the same bytes for the same model', () => {
    expect(Buffer.compare(writeModel(network()), writeModel(network()))).toBe(0);
  });

  it('is understood by the runtime', async () => {
    const session = await openSession(writeModel(network()));
    const data = new Float32Array(2 * 3 * 16 * 16).fill(0.5);
    const { scores } = await session.run({ x: { type: 'float32', dims: [2, 3, 16, 16], data } });
    await session.close();
    expect(scores?.dims).toEqual([2, 5]);
  });

  it('takes weights from typed fields and from Constant nodes', () => {
    const message = {
      irVersion: 8,
      opsetImport: [{ version: 13 }],
      graph: {
        node: [
          {
            opType: 'Constant',
            output: ['c'],
            attribute: [{ name: 'value', type: 4, t: { dims: [2], dataType: 1, floatData: [1, 2] } }],
          },
          { opType: 'Add', input: ['x', 'c'], output: ['y'] },
        ],
        initializer: [{ name: 'i', dims: [1], dataType: 7, int64Data: [-5] }],
      },
    };
    const model = readModel(ModelProto.encode(message).finish());
    expect(model.nodes.map((item) => item.op)).toEqual(['Add']);
    expect(floatValues(model.constants.get('c') as never)).toEqual(Float32Array.of(1, 2));
    expect(new BigInt64Array(new Uint8Array(model.constants.get('i')?.raw ?? []).buffer)).toEqual(
      BigInt64Array.of(-5n),
    );
  });

  it.each([
    ['no protobuf', Buffer.from('hello, I am no model')],
    ['nothing', new Uint8Array()],
    ['half a model', writeModel(network()).subarray(0, 900)],
  ])('refuses %s', (_name, bytes) => {
    expect(() => readModel(bytes)).toThrow(GraphError);
  });

  it('refuses weights kept in other files', () => {
    const message = {
      graph: { node: [{ opType: 'Relu' }], initializer: [{ name: 'w', dataType: 1, dataLocation: 1 }] },
    };
    expect(() => readModel(ModelProto.encode(message).finish())).toThrow(/another file/);
  });
});

describe('surgery', () => {
  it('drops nodes and constants that are no longer needed', () => {
    const model = network();
    const cut = extract(model, ['a']);
    expect(cut.nodes.map((item) => item.op)).toEqual(['Conv', 'Relu']);
    expect([...cut.constants.keys()]).toEqual(['a.conv.w']);
    expect(() => extract(model, ['nowhere'])).toThrow(GraphError);
  });

  it('orders nodes of files that do not', () => {
    const model = network();
    const shuffled = { ...model, nodes: [...model.nodes].reverse() };
    expect(sortNodes(shuffled).nodes).toEqual(model.nodes);
    expect(() => sortNodes({ ...model, nodes: [node('Relu', ['nobody'], 'y')] })).toThrow(
      /nobody|never made/,
    );
  });
});

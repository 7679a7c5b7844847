import * as ort from 'onnxruntime-node';
import sharp from 'sharp';
import type { InputSpec } from '../../zoo/index.js';

/** Pictures a second of the loop that anybody would write: decode a batch, run it, take the next. */
export interface BareLoop {
  run(pictures: readonly Uint8Array[]): Promise<void>;
  close(): Promise<void>;
}

/** The network's own float input, a batch of pictures as it wants them. */
async function toTensor(batch: readonly Uint8Array[], spec: InputSpec): Promise<ort.Tensor> {
  const { width, height, layout, scale, mean, std } = spec;
  const plane = width * height;
  const data = new Float32Array(batch.length * plane * 3);
  const decoded = await Promise.all(
    batch.map((bytes) => sharp(bytes).removeAlpha().resize(width, height, { fit: 'fill' }).raw().toBuffer()),
  );
  for (const [row, pixels] of decoded.entries()) {
    const base = row * plane * 3;
    for (let at = 0; at < pixels.length; at++) {
      const c = at % 3;
      const value = ((pixels[at] ?? 0) * scale - (mean[c] ?? 0)) / (std[c] ?? 1);
      data[layout === 'nhwc' ? base + at : base + c * plane + (at - c) / 3] = value;
    }
  }
  const size = [batch.length, ...(layout === 'nhwc' ? [height, width, 3] : [3, height, width])];
  return new ort.Tensor('float32', data, size);
}

/**
 * @param ahead whether the next batch is decoded while one is on its way through the network
 */
export async function openBareLoop(
  modelPath: string,
  spec: InputSpec,
  { provider, batchSize, ahead }: { provider: string; batchSize: number; ahead: boolean },
): Promise<BareLoop> {
  const session = await ort.InferenceSession.create(modelPath, { executionProviders: [provider] });
  const [input = ''] = session.inputNames;
  return {
    run: async (pictures) => {
      const prepare = (start: number): Promise<ort.Tensor> =>
        toTensor(pictures.slice(start, start + batchSize), spec);
      let upcoming = prepare(0);
      for (let start = 0; start < pictures.length; start += batchSize) {
        const tensor = await upcoming;
        const more = start + batchSize < pictures.length;
        if (ahead && more) upcoming = prepare(start + batchSize);
        await session.run({ [input]: tensor });
        if (!ahead && more) upcoming = prepare(start + batchSize);
      }
    },
    close: () => session.release(),
  };
}

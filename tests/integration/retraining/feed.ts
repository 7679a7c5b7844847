import { createHash } from 'node:crypto';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { writeModel } from '../../../zoo/graph/model-file.js';
import {
  backbonesFolder,
  createRng,
  getBackbone,
  installBackbone,
  type InputSpec,
} from '../../../zoo/index.js';
import { CACHE_DIR } from '../../support/service-process.js';
import { NetworkWriter } from '../../unit/zoo/graph/small-networks.js';

/** What the small networks made here take in. */
const SMALL: InputSpec = {
  width: 32,
  height: 32,
  layout: 'nchw',
  channels: 'rgb',
  scale: 1 / 255,
  mean: [0.5, 0.5, 0.5],
  std: [0.25, 0.25, 0.25],
  resize: 'squish',
  kernel: 'linear',
};

/** A folder that is a zoo feed: cards are dropped into it while it is watched. */
export class Feed {
  private readonly cards: object[] = [];
  constructor(readonly folder: string) {}

  async drop(id: string, model: Uint8Array, input: InputSpec): Promise<void> {
    await writeFile(join(this.folder, `${id}.onnx`), model);
    const { width, height, layout, channels, ...rest } = input;
    const shape = layout === 'nchw' ? ['N', 3, height, width] : ['N', height, width, 3];
    this.cards.push({
      id,
      file: `${id}.onnx`,
      family: id,
      bytes: model.length,
      sha256: createHash('sha256').update(model).digest('hex'),
      input: { ...rest, shape, layout: layout.toUpperCase(), channels: channels.toUpperCase() },
      licence: 'MIT',
    });
    await writeFile(join(this.folder, 'zoo.json'), JSON.stringify(this.cards));
  }

  /** A network of 1x1 convolutions: it sees colours and, by its very shape, no direction of a stripe. */
  async dropColourBlot(id: string, width: number): Promise<void> {
    const net = new NetworkWriter(32);
    const first = net.op('Relu', [net.op('Conv', ['x', net.constant('a.w', [6, 3, 1, 1])], 'a.conv')], 'a');
    const second = net.op(
      'Relu',
      [net.op('Conv', [first, net.constant('b.w', [width, 6, 1, 1])], 'b.conv')],
      'b',
    );
    await this.drop(id, writeModel(net.model(net.classifier(second, width))), SMALL);
  }

  /** A network of 3x3 convolutions, random as they are: it sees directions. */
  async dropEdges(id: string): Promise<void> {
    const net = new NetworkWriter(32);
    const last = net.block(net.block('x', 'a', [3, 8], { stride: 2 }), 'b', [8, 16], { stride: 2 });
    await this.drop(id, writeModel(net.model(net.classifier(last, 16))), SMALL);
  }

  /** A network of a mirror, with its card as it stands there. */
  async dropFromMirror(mirror: string, id: string): Promise<void> {
    const cards = JSON.parse(await readFile(join(mirror, 'zoo.json'), 'utf8')) as {
      id: string;
      file: string;
    }[];
    const card = cards.find((one) => one.id === id);
    if (!card) throw new Error(`${mirror} has no ${id}.`);
    await copyFile(join(mirror, card.file), join(this.folder, card.file));
    this.cards.push(card);
    await writeFile(join(this.folder, 'zoo.json'), JSON.stringify(this.cards));
  }

  /** An embedded trunk, written out as an ONNX card. */
  async dropEmbedded(id: string, embedded: string): Promise<void> {
    const card = getBackbone(embedded);
    const { modelPath } = await installBackbone(card, backbonesFolder(CACHE_DIR));
    await this.drop(id, await readFile(modelPath), card.input);
  }
}

/** Square pictures of stripes in random colours, widths and places: only the direction tells the categories apart. */
export async function stripes(direction: 'lying' | 'standing', seed: number): Promise<Buffer> {
  const side = 192;
  const rng = createRng(`${direction}/${seed}`);
  const colour = (): string => `hsl(${rng.int(360)},${40 + rng.int(50)}%,${25 + rng.int(50)}%)`;
  const step = 10 + rng.int(24);
  const bars: string[] = [];
  for (let at = -rng.int(step); at < side; at += step) {
    const size = Math.max(3, Math.round(step * (0.3 + 0.4 * rng.next())));
    const place =
      direction === 'lying'
        ? `x="-50" y="${at}" width="300" height="${size}"`
        : `y="-50" x="${at}" height="300" width="${size}"`;
    bars.push(`<rect ${place} fill="${colour()}"/>`);
  }
  const tilt = rng.int(13) - 6;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}"><rect width="100%" height="100%" fill="${colour()}"/><g transform="rotate(${tilt} ${side / 2} ${side / 2})">${bars.join('')}</g></svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

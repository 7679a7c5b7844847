import { createRequire } from 'node:module';
import { truncate } from '../render/table.js';
import { essential, ok, warning, type Check, type Finding } from './check.js';

// A PNG of one grey pixel.
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==';

const { resolve } = createRequire(import.meta.url);

function isInstalled(packageName: string): boolean {
  try {
    resolve(`${packageName}/package.json`);
    return true;
  } catch {
    return false;
  }
}

const pictures: Check = {
  id: 'pictures',
  title: 'Pictures (sharp)',
  onFailure: essential,
  run: async () => {
    const { decodeImage } = await import('../../../zoo/index.js');
    const { width, height, format } = await decodeImage(Buffer.from(PIXEL, 'base64'));
    return ok(`decoded a ${format} of ${width} x ${height}`);
  },
};

const HARDWARE: Record<string, string> = {
  cuda: 'For an NVIDIA GPU, with CUDA 12 and cuDNN 9: `npm run setup:gpu` (docs/gpu.md). The CPU does all of it, slower.',
  tensorrt:
    'For an NVIDIA GPU, with TensorRT: `npm run setup:gpu` (docs/gpu.md); it is never taken unasked. The CPU does all of it, slower.',
  webgpu: 'It needs a GPU with a real Vulkan, Metal or DirectX 12 driver. The CPU does all of it, slower.',
  dml: 'It needs Windows with DirectX 12. The CPU does all of it, slower.',
  coreml: 'It needs macOS. The CPU does all of it, slower.',
};

const providers: Check = {
  id: 'execution-providers',
  title: 'ONNX Runtime',
  onFailure: essential,
  run: async ({ executionProvider }) => {
    const { fastestProvider, probeProviders } = await import('../../../zoo/index.js');
    const probes = await probeProviders();
    return [...probes.map(judgeProvider), judgeChoice(executionProvider, fastestProvider(probes))];
  },
};

const REASON_CELLS = 160;

interface Probe {
  readonly provider: string;
  readonly works: boolean;
  readonly latencyMs: number | null;
  readonly reason: string | null;
}

/** Only the CPU has to work. */
export function judgeProvider({ provider, works, latencyMs, reason }: Probe): Finding {
  if (works)
    return ok(
      `${provider} works${latencyMs === null ? '' : ` (a small network takes ${latencyMs.toFixed(2)} ms, and the result is right)`}`,
    );
  const detail = truncate(
    `${provider} does not work: ${(reason ?? 'no reason given').split('\n')[0]}`,
    REASON_CELLS,
  );
  if (provider === 'cpu') return { ...essential, detail };
  return warning(detail, HARDWARE[provider] ?? 'It is optional: the CPU does all of it.');
}

/** What features are computed on. */
export function judgeChoice(asked: string, fastest: string): Finding {
  if (asked === 'auto' || asked === fastest)
    return ok(`features are computed on ${fastest}, the fastest that is right`);
  return warning(
    `features are computed on ${asked}, as GRAFT_EXECUTION_PROVIDER says; the fastest that is right is ${fastest}`,
    'Leave GRAFT_EXECUTION_PROVIDER out to take the fastest.',
  );
}

const tensorflow: Check = {
  id: 'tensorflow',
  title: 'TensorFlow.js',
  onFailure: essential,
  run: async () => {
    const { startTensors } = await import('../../../zoo/index.js');
    const { backend, passedOver } = await startTensors();
    const found = ok(`trains on ${backend === 'tensorflow' ? 'tfjs-node-gpu' : backend}`);
    return [
      found,
      ...passedOver.map((other) => judgeTensors(other.backend, isInstalled(NATIVE), other.reason)),
    ];
  },
};

const NATIVE = '@tensorflow/tfjs-node-gpu';

/** A backend that was passed over for a slower one. */
export function judgeTensors(backend: string, nativeInstalled: boolean, reason: string): Finding {
  if (backend !== 'tensorflow')
    return warning(`${backend} does not work: ${reason}`, 'Run `npm ci` in the project folder.');
  if (nativeInstalled)
    return warning(`tfjs-node-gpu does not work: ${reason}`, 'It needs CUDA 11; training runs without it.');
  const fix = 'With an NVIDIA GPU: `npm run setup:gpu` (hundreds of MB; docs/gpu.md); nothing needs it.';
  return { status: 'ok', detail: 'tfjs-node-gpu is not installed (optional)', fix };
}

const backbones: Check = {
  id: 'backbones',
  title: 'Backbones',
  onFailure: essential,
  run: async ({ cacheDir, zooMirror }) => {
    const { listZoo } = await import('../../training/zoo-list.js');
    const cards = await listZoo({ cacheDir, zooMirror });
    const ready = cards.filter(({ installed }) => installed).length;
    return ok(`${cards.length} in the zoo, ${ready} ready; the others are at their first use`);
  },
};

const gallery: Check = {
  id: 'gallery',
  title: 'Sample gallery',
  onFailure: {
    status: 'warning',
    fix: 'Run `npm ci` in the project folder: its icon sets are npm packages.',
  },
  run: async () => {
    const { startGallery } = await import('../../gallery/index.js');
    const running = await startGallery({ seed: 1 });
    await running.close();
    return ok('starts');
  },
};

export const zooChecks: readonly Check[] = [pictures, providers, tensorflow, backbones, gallery];

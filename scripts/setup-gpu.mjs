// `npm run setup:gpu`: adds what an NVIDIA GPU needs and nobody else should have to download; see docs/gpu.md.
//   --dry-run         says what would be done
//   --force           goes on where no driver answers, as in the building of an image
//   --no-tensorflow   leaves TensorFlow's library out: heads then train on the CPU, features are computed on the GPU all the same
import { execFileSync, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const has = (flag) => process.argv.includes(flag);
const say = (text) => process.stdout.write(`${text}\n`);

/** Ends with what is wrong and what to do about it. */
function stop(problem, remedy) {
  process.stderr.write(`${problem}\n  ${remedy}\n`);
  process.exit(1);
}

/** What the driver says of its GPUs, a line each; null where none answers. */
function askDriver() {
  const args = ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader'];
  const { status, stdout } = spawnSync('nvidia-smi', args, { encoding: 'utf8' });
  return status === 0 && stdout.trim() ? stdout.trim().split('\n') : null;
}

function checkMachine() {
  const machine = `${process.platform}/${process.arch}`;
  if (machine === 'win32/x64' || process.platform === 'darwin') {
    const bundled = process.platform === 'darwin' ? 'coreml' : 'dml and webgpu';
    say(
      `Nothing to add on ${machine}: ONNX Runtime brings ${bundled}. \`npm run doctor\` says which is taken.`,
    );
    process.exit(0);
  }
  if (machine !== 'linux/x64')
    stop(`There is no CUDA provider for ${machine}.`, 'The CPU does all of it, slower.');
}

function checkDriver() {
  const gpus = askDriver();
  if (gpus) return say(`The NVIDIA driver answers:\n  ${gpus.join('\n  ')}`);
  if (has('--force')) return say('No NVIDIA driver answers here; going on all the same (--force).');
  stop(
    'No NVIDIA driver answers here (nvidia-smi is missing or finds no GPU); nothing was changed.',
    'Install the driver of your GPU and try again; in a container, start it with the GPU. Without one the CPU does all of it.',
  );
}

/** Each: what it is, how it is got, and what the failure of it means. */
function steps() {
  const runtime = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  const { peerDependencies } = createRequire(import.meta.url)('../package.json');
  const tensorflow = '@tensorflow/tfjs-node-gpu';
  const cuda = {
    what: "ONNX Runtime's CUDA provider (some hundred megabytes)",
    command: process.execPath,
    args: [join(runtime, 'script', 'install.js')],
    // The variable, not the flag: npm hands on what .npmrc says (skip), and that beats the flag. Named, `cuda12` would be ignored.
    env: { ONNXRUNTIME_NODE_INSTALL: 'true' },
  };
  const training = {
    what: "TensorFlow's library for GPUs (some hundred megabytes), which trains heads",
    command: npm,
    // Beside what the lock file says, and not in it: it is for this machine alone.
    args: [
      'install',
      '--no-save',
      '--no-fund',
      '--no-audit',
      `${tensorflow}@${peerDependencies[tensorflow]}`,
    ],
  };
  return has('--no-tensorflow') ? [cuda] : [cuda, training];
}

function perform({ what, command, args, env = {} }) {
  const words = [...Object.entries(env).map((pair) => pair.join('=')), command, ...args];
  say(`${has('--dry-run') ? 'Would fetch' : 'Fetching'} ${what}:\n  ${words.join(' ')}`);
  if (has('--dry-run')) return true;
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...env },
  });
  return status === 0;
}

checkMachine();
checkDriver();
const failed = steps().filter((step) => !perform(step));
if (failed.length > 0)
  stop(
    `Could not be fetched: ${failed.map(({ what }) => what).join('; ')}. What failed is above; what Graft had before still works.`,
    'It takes a way to the internet (HTTPS_PROXY and GLOBAL_AGENT_HTTPS_PROXY name a proxy) and a gigabyte of room. Run it again then.',
  );
if (has('--dry-run')) process.exit(0);
say('Trying it:');
try {
  execFileSync(process.execPath, [join(root, 'bin', 'graft.js'), 'doctor'], { cwd: root, stdio: 'inherit' });
} catch {
  process.exit(1); // the doctor has said why
}

import { readdir, readFile, readlink } from 'node:fs/promises';

/** What a process holds, from /proc and from what it says of itself. */
export interface Holding {
  readonly serviceMiB: number;
  readonly childMiB: number;
  /** Of the service: what JavaScript holds on to, and what lies outside its heap. */
  readonly heapMiB: number;
  readonly externalMiB: number;
  /** Open sockets, pipes and the like of the service, and files outside its data folder. */
  readonly handles: number;
  /** Open files of its data folder: PGlite keeps those of its tables open, as PostgreSQL does. */
  readonly dataFiles: number;
  readonly children: number;
}

const rssMiB = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
};

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.trim().split(/\s+/).filter(Boolean).map(Number);
}

/** What each open handle of a process leads to. */
async function handlesOf(pid: number): Promise<string[]> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder);
  return Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
}

/** Linux alone has what this reads. */
export async function lookAt(url: string, pid: number, dataDir: string): Promise<Holding> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const bytesOf = (name: string): number =>
    Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1] ?? Number.NaN) / 2 ** 20;
  const pids = await childrenOf(pid);
  const handles = await handlesOf(pid);
  const dataFiles = handles.filter((target) => target.startsWith(dataDir)).length;
  const children = await Promise.all(pids.map(rssMiB));
  return {
    serviceMiB: await rssMiB(pid),
    childMiB: children.reduce((sum, value) => sum + value, 0),
    heapMiB: bytesOf('nodejs_heap_size_used_bytes'),
    externalMiB: bytesOf('nodejs_external_memory_bytes'),
    handles: handles.length - dataFiles,
    dataFiles,
    children: pids.length,
  };
}

import { kill, pid } from 'node:process';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * A file on its way: `<name>.<process>.part` while a process writes to it, so that two never write to one. What a process
 * left behind, killed or interrupted, is taken over by the next.
 */
export interface PartFile {
  readonly path: string;
  /** Bytes that are there already. */
  readonly bytes: number;
}

function isAlive(other: number): boolean {
  if (other === pid) return false;
  try {
    kill(other, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Parts this very process is writing to: its number alone does not tell them from one a namesake left behind. */
const mine = new Set<string>();

function abandoned(folder: string, name: string, base: string): boolean {
  const owner = name.startsWith(`${base}.`)
    ? /^(\d+)(?:-\d+)?\.part$/.exec(name.slice(base.length + 1))?.[1]
    : undefined;
  return owner !== undefined && !mine.has(path.join(folder, name)) && !isAlive(Number(owner));
}

/** Takes a part over, or begins one. */
export async function claimPart(target: string): Promise<PartFile> {
  const folder = path.dirname(target);
  const base = path.basename(target);
  await mkdir(folder, { recursive: true });
  const own = ownName(target);
  mine.add(own);
  for (const name of await readdir(folder)) {
    if (!abandoned(folder, name, base)) continue;
    const taken = await rename(path.join(folder, name), own).then(
      () => true,
      () => false, // another process was faster
    );
    if (taken) return { path: own, bytes: (await stat(own)).size };
  }
  return { path: own, bytes: 0 };
}

function ownName(target: string): string {
  for (let number = 0; ; number++) {
    const name = `${target}.${pid}${number === 0 ? '' : `-${number}`}.part`;
    if (!mine.has(name)) return name;
  }
}

/** Leaves a part for whoever asks next. */
export function releasePart(part: PartFile): void {
  mine.delete(part.path);
}

/** Throws a part away: its bytes are wrong. */
export async function dropPart(part: PartFile): Promise<void> {
  await rm(part.path, { force: true });
  mine.delete(part.path);
}

/** Gives a whole file its name. */
export async function finishPart(part: PartFile, target: string): Promise<void> {
  await rename(part.path, target);
  mine.delete(part.path);
}

import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { openPackage, type OpenPackage } from '../../zoo/index.js';

/** Opened packages kept in memory; the one unused for longest is closed first. */
const MAX_OPEN = 4;

/** Keeps packaged models open, so that a prediction does not pay for loading. */
@Injectable()
export class ModelSlots implements OnApplicationShutdown {
  private readonly open = new Map<string, Promise<OpenPackage>>();

  /** Opens a package folder, or gives the one that is open. A failed opening is forgotten, so that a retry may succeed. */
  async get(folder: string): Promise<OpenPackage> {
    const known = this.open.get(folder);
    if (known) {
      this.open.delete(folder);
      this.open.set(folder, known);
      return known;
    }
    const opening = openPackage(folder);
    this.open.set(folder, opening);
    opening.catch(() => this.open.delete(folder));
    await this.closeSurplus();
    return opening;
  }

  private async closeSurplus(): Promise<void> {
    for (const folder of [...this.open.keys()].slice(0, -MAX_OPEN)) {
      const surplus = this.open.get(folder);
      this.open.delete(folder);
      await (await surplus?.catch(() => null))?.close();
    }
  }

  async onApplicationShutdown(): Promise<void> {
    for (const opening of this.open.values()) await (await opening.catch(() => null))?.close();
    this.open.clear();
  }
}

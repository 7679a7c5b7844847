/**
 * Folders of finished files that every worker of one Graft needs, wherever it runs: features, what a search leaves, packages.
 * On one machine, or on a shared disk, they simply are where they were written.
 */
export interface SharedFolders {
  /** Gives every file below `folder` to the others. Durable when it returns. */
  push(name: string, folder: string): Promise<void>;
  /** Brings what the others gave under this name and this machine lacks. */
  pull(name: string, folder: string): Promise<void>;
}

/** For a data folder that all processes see. */
export const sameDisk: SharedFolders = {
  push: () => Promise.resolve(),
  pull: () => Promise.resolve(),
};

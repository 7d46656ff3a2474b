import { watch } from 'node:fs';

/** Editors write a file in several steps; after so many milliseconds without another, it is taken for done. */
const settled = 100;

/** Calls `changed` after something in the folders did, until it is closed. */
export const watchFolders = (folders: readonly string[], changed: () => void): { close(): void } => {
  let timer: NodeJS.Timeout | undefined;
  const watchers = folders.map((folder) =>
    watch(folder, { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(changed, settled);
    }),
  );
  return {
    close: () => {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
};

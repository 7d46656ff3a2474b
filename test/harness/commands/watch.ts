import { watch } from 'node:fs';

/** Editors save a file in several steps. In milliseconds without a further change. */
const debounceTime = 100;

/** Calls `onChange` after changes in the folders, until it is closed. */
export const watchFolders = (folders: readonly string[], onChange: () => void): { close(): void } => {
  let timer: NodeJS.Timeout | undefined;
  const watchers = folders.map((folder) =>
    watch(folder, { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(onChange, debounceTime);
    }),
  );
  return {
    close: () => {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
};

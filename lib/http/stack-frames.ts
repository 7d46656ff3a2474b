/**
 * Where an error was thrown, and from where that was called, innermost first: up to five times file, line and column. The
 * stack without its message, which may hold values.
 */
export const stackFramesIn = (error: unknown): string[] => {
  if (!(error instanceof Error) || error.stack === undefined) return [];
  const frames = error.stack.split('\n').slice(error.message.split('\n').length);
  return frames.flatMap((frame) => /^\s+at .*?([\w.-]+:\d+:\d+)\)?$/.exec(frame)?.[1] ?? []).slice(0, 5);
};

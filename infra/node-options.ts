/** What a function is given, in megabytes. */
export const memorySize = 1024;

/**
 * How Node runs a function of so much memory, in megabytes. Lambda itself lets the young generation of the heap grow to three
 * times a twentieth of the memory, which a function that answers one small request at a time fills with garbage before it
 * looks; with 16 MB it holds less memory and takes no more time. Who sets one of the two sizes must set both.
 * https://nodejs.org/api/cli.html#--max-semi-space-sizesize-in-mib
 */
export const nodeOptionsFor = (megabytes: number): string =>
  `--max-semi-space-size=16 --max-old-space-size=${Math.floor(megabytes * 0.9)}`;

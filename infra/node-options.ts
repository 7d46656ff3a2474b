/**
 * How Node runs a function of so much memory, in megabytes. Lambda itself lets the young generation of the heap grow to three
 * times a twentieth of the memory, which a function that answers one small request at a time fills with garbage before it
 * looks; with 16 MB it holds half as much memory and takes no more time. Who sets one of the two sizes must set both.
 * https://nodejs.org/api/cli.html#--max-semi-space-sizesize-in-mib
 */
export const nodeOptionsFor = (memorySize: number): string =>
  `--max-semi-space-size=16 --max-old-space-size=${Math.floor(memorySize * 0.9)}`;

/** In megabytes. */
export const memorySize = 1024;

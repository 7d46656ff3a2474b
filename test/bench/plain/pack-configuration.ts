import type * as piece from '../../../lib/table/sdk/pack-configuration.ts';

export const packConfiguration: typeof piece.packConfiguration = () => {};

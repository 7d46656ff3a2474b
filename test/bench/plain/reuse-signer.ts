import type * as piece from '../../../lib/table/sdk/reuse-signer.ts';

export const reuseSigner: typeof piece.reuseSigner = () => {};

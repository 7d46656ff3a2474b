import type * as piece from '../../../lib/json-flaws.ts';

export { flawsIn } from '../../../lib/json-flaws.ts';
export const plainValueIn: typeof piece.plainValueIn = () => undefined;

import type * as piece from '../../../lib/table/sdk/remove-middleware.ts';

export const removeNeedlessMiddleware: typeof piece.removeNeedlessMiddleware = ({ middlewareStack }) => {
  middlewareStack.remove('getUserAgentMiddleware');
};

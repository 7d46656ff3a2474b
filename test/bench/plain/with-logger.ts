import type * as piece from '../../../lib/table/sdk/leave-out-steps.ts';

export const leaveOutSteps: typeof piece.leaveOutSteps = ({ middlewareStack }) => {
  middlewareStack.remove('getUserAgentMiddleware');
};

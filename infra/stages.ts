/** What sets one stage apart from another. */
export type Stage = {
  /** Whether the table and the logs outlive the stack, and neither table nor stack is deleted by mistake. */
  isProtected: boolean;
  /** How long logs are kept, in days; one of the numbers that CloudWatch Logs takes. */
  logRetentionDays: 7 | 30 | 365;
  /** How a new version of a function takes over: step by step with a way back, or at once. */
  rollout: Rollout;
  /** Requests per second that the gateway lets pass, steady and in a burst, over all routes. */
  throttle: { rateLimit: number; burstLimit: number };
};

export type Rollout = 'gradual' | 'at-once';

export const stages = {
  sandbox: {
    isProtected: false,
    logRetentionDays: 7,
    rollout: 'at-once',
    throttle: { rateLimit: 50, burstLimit: 100 },
  },
  staging: {
    isProtected: true,
    logRetentionDays: 30,
    rollout: 'at-once',
    throttle: { rateLimit: 200, burstLimit: 400 },
  },
  prod: {
    isProtected: true,
    logRetentionDays: 365,
    rollout: 'gradual',
    throttle: { rateLimit: 1000, burstLimit: 2000 },
  },
} as const satisfies Record<string, Stage>;

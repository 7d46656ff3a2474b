/** What differs between stages. */
export type Stage = {
  /** Whether table and logs are retained when the stack is deleted, and table and stack are protected from deletion. */
  isProtected: boolean;
  /** In days; CloudWatch Logs accepts only certain numbers. */
  logRetentionDays: 7 | 30 | 365;
  /** How a new version of a function is deployed: gradually with automatic rollback, or all at once. */
  rollout: Rollout;
  /** The gateway's limits over all routes: steady-state requests per second, and burst size. */
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

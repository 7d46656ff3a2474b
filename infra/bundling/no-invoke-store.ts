/**
 * Stands in for `@aws/lambda-invoke-store` in the bundles (`options.ts`), from which the SDK takes the trace id of the current
 * request where a function runs several at a time. Ours run one at a time, and the SDK finds the trace id in the
 * environment. 2.3 KB.
 */
export const InvokeStore = { getInstanceAsync: async (): Promise<undefined> => undefined };

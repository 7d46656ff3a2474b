import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Stands in for `@aws-sdk/credential-provider-node`, the SDK's default chain of credential providers, in the bundles
 * (`options.ts`). Lambda provides a function's credentials in its environment for as long as the function lives, and
 * nowhere else, so the rest of the chain would be loaded at each cold start and never used.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export const defaultProvider = (init?: Parameters<typeof fromEnv>[0]): ReturnType<typeof fromEnv> => {
  let credentials: ReturnType<ReturnType<typeof fromEnv>> | undefined;
  return () => {
    credentials ??= fromEnv(init)();
    return credentials;
  };
};

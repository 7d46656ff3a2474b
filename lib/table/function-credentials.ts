import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * What a bundled function has instead of the SDK's default chain of credential providers (`infra/bundling.ts`). Lambda puts
 * a function's credentials into its environment, for as long as it lives, and nowhere else; to load the whole chain and
 * never use the rest of it costs a fifth of a cold start.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export const defaultProvider = (init?: Parameters<typeof fromEnv>[0]): ReturnType<typeof fromEnv> => {
  let credentials: ReturnType<ReturnType<typeof fromEnv>> | undefined;
  return () => {
    credentials ??= fromEnv(init)();
    return credentials;
  };
};

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { getSchemaSerdePlugin } from '@smithy/core/schema';

/** Spares the requests of a client what each would pay for and nobody here gains from. To be done when it is configured. */
export const makeLean = (client: DynamoDBClient): void => {
  leaveOutSteps(client);
  keepSigner(client);
  copyFaster(client);
};

/**
 * Two steps: one goes through each request and its answer for the sake of a logger, and there is none; the other tells AWS
 * which versions of what were at work.
 */
const leaveOutSteps = ({ middlewareStack }: DynamoDBClient): void => {
  middlewareStack.remove('loggerMiddleware');
  middlewareStack.remove('getUserAgentMiddleware');
};

/**
 * By itself the SDK makes a signer for each request, from a copy of its whole configuration. All of them are alike: the
 * signer asks for credentials, and is told the time, each time that it signs.
 */
const keepSigner = ({ config }: DynamoDBClient): void => {
  const { signer: makeSigner } = config;
  let signer: ReturnType<typeof makeSigner> | undefined;
  config.signer = (scheme) => {
    signer ??= makeSigner(scheme);
    return signer;
  };
};

/**
 * To write a request and to read an answer the SDK copies its whole configuration, which takes long because one of its
 * members is computed. A first copy holds nothing but values, and is itself copied in a tenth of the time.
 */
const copyFaster = ({ config, middlewareStack }: DynamoDBClient): void =>
  middlewareStack.use(getSchemaSerdePlugin({ ...config }));

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/**
 * Makes a client create one signer, instead of one per request from a copy of its whole configuration. One is enough: a signer
 * requests the credentials, and is given the time, each time that it signs. Otherwise a warm request costs 1.04 times as
 * much [1.02, 1.08].
 */
export const reuseSigner = ({ config }: DynamoDBClient): void => {
  const { signer: newSigner } = config;
  let signer: ReturnType<typeof newSigner> | undefined;
  config.signer = (scheme) => {
    signer ??= newSigner(scheme);
    return signer;
  };
};

import { inlineKeySet, remoteKeySet } from './auth/key-set.ts';
import { tokenVerifier } from './auth/verify-token.ts';
import { configurationFrom } from './configuration.ts';
import type { Live } from './http/handle.ts';
import { documentClient } from './table/client.ts';
import { recordsIn } from './table/records.ts';

/** The only module with effects when it is loaded: it reads the environment and makes the clients that all requests share. */
const { table, keys, token } = configurationFrom(process.env);

export const live: Live = {
  verify: tokenVerifier(token, keys instanceof URL ? remoteKeySet(keys) : inlineKeySet(keys)),
  records: recordsIn({
    client: documentClient(table.endpoint),
    name: table.name,
    patience: 5_000,
    now: Date.now,
  }),
  reportDefect: (error, { requestContext: { requestId } }) => {
    console.error(
      JSON.stringify({
        level: 'ERROR',
        message: 'defect',
        requestId,
        error: error instanceof Error ? error.name : typeof error,
      }),
    );
  },
};

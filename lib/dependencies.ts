import { inlineKeySet, remoteKeySet } from './auth/key-set.ts';
import { refusedToken, tokenVerifier } from './auth/verify-token.ts';
import { configurationFrom } from './configuration.ts';
import type { Dependencies } from './http/endpoint-handler.ts';
import { lineWriter } from './http/line-writer.ts';
import type { Priming } from './prime.ts';
import { documentClient } from './table/client.ts';
import { recordsIn } from './table/records.ts';

/** The only module with side effects on load: it reads the environment and creates the clients that all requests share. */
const { table, keys, token, log, priming: isPriming } = configurationFrom(process.env);

export const priming: Priming = { isOn: isPriming, refusedToken: refusedToken(token) };

export const dependencies: Dependencies = {
  verify: tokenVerifier(token, keys instanceof URL ? remoteKeySet(keys) : inlineKeySet(keys)),
  records: recordsIn({
    client: documentClient(table.endpoint),
    name: table.name,
    patience: 5_000,
    now: Date.now,
  }),
  // Not `console.log`: Lambda wraps what it writes, and CloudWatch then finds no metrics in it.
  log: { ...log, write: lineWriter(1) },
};

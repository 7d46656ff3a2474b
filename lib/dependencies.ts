import { inlineKeySet, remoteKeySet } from './auth/key-set.ts';
import { primeVerifier, tokenVerifier } from './auth/verify-token.ts';
import { configurationFrom } from './configuration.ts';
import type { Dependencies } from './http/endpoint-handler.ts';
import { lineWriter } from './http/line-writer.ts';
import type { Priming } from './prime.ts';
import { recordsIn } from './table/records.ts';
import { documentClient } from './table/sdk/document-client.ts';

/** The only module with side effects on load: it reads the environment and creates the clients that all requests share. */
const { table, keys, token, log, priming: isPriming } = configurationFrom(process.env);

const issuerKeys = keys instanceof URL ? remoteKeySet({ url: keys, algorithms: token.algorithms }) : inlineKeySet(keys);
const verify = tokenVerifier(token, issuerKeys);

export const priming: Priming = { isOn: isPriming, primeVerifier: () => primeVerifier(token, issuerKeys, verify) };

export const dependencies: Dependencies = {
  verify,
  records: recordsIn({
    client: documentClient(table.endpoint),
    name: table.name,
    timeout: 5_000,
    now: Date.now,
  }),
  // Not `console.log`: Lambda wraps what it writes, and CloudWatch then finds no metrics in it.
  log: { ...log, write: lineWriter(1) },
};

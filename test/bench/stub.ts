import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

/**
 * The issuer's key set and a table that answers every write at once, over TLS. A process of its own, so that none of its
 * work is counted. Started with the file of its certificate and key and the file of the key set; sends its ports.
 *
 * Calls are counted by who makes them: the name of the table, or what follows `/keys/`. `GET /calls/<name>` gives what was
 * called since the last time; `PUT /record` sets the size of the stored record, in
 * bytes.
 */
const [identityFile = '', keySetFile = ''] = process.argv.slice(2);
const { certificate, privateKey } = JSON.parse(readFileSync(identityFile, 'utf8'));
const keySet = readFileSync(keySetFile, 'utf8');

const calls = new Map<string, Record<string, number>>();
let padding = 0;

/** The record after the write, in DynamoDB's JSON: what the caller sent does not matter to its cost. */
const record = () => ({
  pk: { S: 'WORKSPACE#507f191e810c19729de860ea' },
  sk: { S: 'CLIENT#507f1f77bcf86cd799439011' },
  id: { S: '507f1f77bcf86cd799439011' },
  name: { S: 'Jane Doe' },
  avatarUrl: { S: 'https://example.com/new-avatar.jpg' },
  contactMethods: {
    L: [{ M: { type: { S: 'email' }, value: { S: 'jane@example.com' }, isPreferred: { BOOL: true } } }],
  },
  customFields: { L: customFields() },
  createdAt: { S: '2024-01-15T10:00:00.000Z' },
  updatedAt: { S: '2024-01-15T11:00:00.000Z' },
  version: { N: '7' },
});

/** Custom fields that fill the record, at most 5,000 characters each. */
const customFields = () => {
  const lengths = Array.from({ length: Math.ceil(padding / 5000) }, (_, index) =>
    Math.min(5000, padding - index * 5000),
  );
  return [16, ...lengths].map((length, index) => ({
    M: { fieldKey: { S: `field-${index}` }, value: { S: 'x'.repeat(length) } },
  }));
};

let reply = JSON.stringify({ Attributes: record() });

const amazonJson = 'application/x-amz-json-1.0';

/** A condition that no item meets, as priming sends it; any other is taken to be met. */
const neverHolds = /"ConditionExpression":"[^"]* AND attribute_not_exists\(/;
const refusal = JSON.stringify({
  __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
  message: 'The conditional request failed',
});

const count = (caller: string, call: string) => {
  const ofCaller = calls.get(caller) ?? {};
  calls.set(caller, { ...ofCaller, [call]: (ofCaller[call] ?? 0) + 1 });
};

const server = () =>
  createServer({ cert: certificate, key: privateKey, keepAliveTimeout: 600_000 }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const answer = (type: string, text: string, headers = {}, status = 200) =>
        response
          .writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text), ...headers })
          .end(text);
      const target = request.headers['x-amz-target'];
      if (target !== undefined) {
        const text = Buffer.concat(chunks).toString();
        const [, table = ''] = /"TableName":"([^"]+)"/.exec(text) ?? [];
        count(table, String(target).replace(/^.*\./, ''));
        if (neverHolds.test(text)) return answer(amazonJson, refusal, {}, 400);
        return answer(amazonJson, reply, { 'x-amzn-requestid': '0000' });
      }
      const [, path, caller = ''] = request.url?.split('/') ?? [];
      if (path === 'keys') {
        count(caller, 'keys');
        return answer('application/json', keySet);
      }
      if (path === 'calls') {
        const text = JSON.stringify(calls.get(caller) ?? {});
        calls.delete(caller);
        return answer('application/json', text);
      }
      padding = Number(Buffer.concat(chunks).toString());
      reply = JSON.stringify({ Attributes: record() });
      return answer('application/json', '{}');
    });
  });

/** The issuer and the table are two hosts, so nobody can serve both over one connection. */
const listening = async (): Promise<number> => {
  const listener = server().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
};
process.send?.({ issuer: await listening(), table: await listening() });
process.on('disconnect', () => process.exit());

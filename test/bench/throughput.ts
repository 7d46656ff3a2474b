import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { updateClient } from '../../functions/index.ts';
import { pathOf } from '../declared/records.ts';
import { startService } from '../harness/local-service/service.ts';
import { ratioOf, type Spread, spreadOf } from './statistics.ts';

/** Requests in a second of the local gateway, and what that is of a plain server's. */
export type Throughput = { perSecond: Spread; toPlain: Spread };

/** How many requests are under way at a time. */
const width = 8;

/**
 * How much the local gateway takes: one client asks it and a server of Node's that does nothing, slice by slice in turn. The
 * gateway's own database is a real engine, and takes most of the time.
 */
export const throughput = async (plan: { slices: number; requests: number }): Promise<Throughput> => {
  const service = await startService({ isBundled: true, environment: { ...process.env, LOG_LEVEL: 'SILENT' } });
  const plain = createServer((message, response) => message.resume().on('end', () => response.end('{}')));
  plain.listen(0, '127.0.0.1');
  await once(plain, 'listening');
  const address = plain.address();
  const agent = new Agent({ keepAlive: true, maxSockets: width });
  try {
    const path = pathOf(updateClient, updateClient.example.ids);
    const plainUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    let turn = 0;
    const patch = (url: string) => sendPatch(new URL(path, url), agent, service.token ?? '', { name: `${turn++}` });
    await perSecondOf(plan.requests, () => patch(service.url));
    await perSecondOf(plan.requests, () => patch(plainUrl));
    const ours: number[] = [];
    const plains: number[] = [];
    for (let slice = 0; slice < plan.slices; slice++) {
      ours.push(await perSecondOf(plan.requests, () => patch(service.url)));
      plains.push(await perSecondOf(plan.requests, () => patch(plainUrl)));
    }
    return { perSecond: spreadOf(ours), toPlain: ratioOf(ours, plains) };
  } finally {
    agent.destroy();
    plain.close();
    await service.close();
  }
};

const perSecondOf = async (requests: number, send: () => Promise<void>): Promise<number> => {
  const start = performance.now();
  let left = requests;
  const worker = async () => {
    while (left-- > 0) await send();
  };
  await Promise.all(Array.from({ length: width }, worker));
  return requests / ((performance.now() - start) / 1000);
};

const sendPatch = (url: URL, agent: Agent, token: string, body: object): Promise<void> =>
  new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const sent = request(url, { agent, method: 'PATCH', headers }, (response) => {
      response.resume().on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`The gateway answered ${response.statusCode}.`));
      });
    });
    sent.on('error', reject).end(JSON.stringify(body));
  });

import { once } from 'node:events';
import { Agent, type IncomingHttpHeaders, type ServerResponse, request as send } from 'node:http';
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { startLocalServer } from './local-server.ts';

/** One request of the SDK's, as it came over the wire. */
export type Passage = {
  /** `UpdateItem` or `TransactWriteItems`. */
  action: string;
  body: string;
  /** What the engine answered; nothing if it never saw the request. */
  status: number | undefined;
  /** If it is carried out after its connection has broken: settles when it was. */
  late: Promise<void> | undefined;
  /** Settles when the connection is done with the request, whoever ended it. */
  over: Promise<unknown>;
};

type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer };

/** The wire on which a fault happens. */
export type Wire = {
  passage: Passage;
  response: ServerResponse;
  socket: Socket;
  /** Has the engine carry the request out; whether its answer gets back is for the fault to say. */
  carryOut(): Promise<Answer>;
  /** The same after the next requests, or at the end; nobody waits for it. */
  carryOutLate(): void;
};

/** What happens to a request. */
export type Fault = (wire: Wire) => unknown;

export type FaultProxy = {
  url: string;
  /** Every request that came, in order. */
  passages: Passage[];
  /** What happens to the next request; `pass` to begin with. */
  faultFor: (passage: Passage) => Fault;
  /** Has everything carried out that was held up. */
  deliverLate(): Promise<void>;
  close(): Promise<void>;
};

/** Nothing goes wrong. */
export const pass: Fault = async ({ response, carryOut }) => {
  const { status, headers, body } = await carryOut();
  response.writeHead(status, headers).end(body);
};

/** These happen to the first requests, in this order; nothing happens to those that follow. */
export const inOrder = (...faults: Fault[]) => {
  const left = [...faults];
  return (): Fault => left.shift() ?? pass;
};

/** Faults for the requests of one action; nothing happens to the others. */
export const on =
  (action: string, faultFor: (passage: Passage) => Fault) =>
  (passage: Passage): Fault =>
    passage.action === action ? faultFor(passage) : pass;

/** As many requests are held up at a time, at most: each is delivered once so many others were held up after it. */
const mostLate = 2;

/** Stands on the wire between the SDK and an engine, and lets happen what `faultFor` says. */
export const startFaultProxy = async (engine: string): Promise<FaultProxy> => {
  const agent = new Agent({ keepAlive: true });
  const passages: Passage[] = [];
  const late: (() => Promise<unknown>)[] = [];
  const { url, close } = await startLocalServer(async (request, response) => {
    const { headers, socket } = request;
    response.on('error', () => {});
    try {
      const body = await buffer(request);
      const [, action = ''] = String(headers['x-amz-target']).split('.');
      const over = once(response, 'close');
      const passage: Passage = { action, body: body.toString(), status: undefined, late: undefined, over };
      passages.push(passage);
      const carryOut = async () => {
        const answer = await forward(engine, agent, headers, body);
        passage.status = answer.status;
        return answer;
      };
      const carryOutLate = () => {
        const { promise, resolve } = Promise.withResolvers<void>();
        passage.late = promise;
        late.push(() => carryOut().then(() => resolve()));
      };
      if (late.length > mostLate) await late.shift()?.();
      await proxy.faultFor(passage)({ passage, response, socket, carryOut, carryOutLate });
    } catch {
      // One side has gone in the middle of it, and so the other loses the connection too.
      socket.destroy();
    }
  });
  const proxy: FaultProxy = {
    url,
    passages,
    faultFor: () => pass,
    deliverLate: async () => {
      while (late.length > 0) await late.shift()?.();
    },
    close: async () => {
      agent.destroy();
      await close();
    },
  };
  return proxy;
};

const forward = async (engine: string, agent: Agent, headers: IncomingHttpHeaders, body: Buffer): Promise<Answer> => {
  const outgoing = send(engine, { method: 'POST', agent, headers });
  outgoing.end(body);
  const [incoming] = await once(outgoing, 'response');
  return { status: incoming.statusCode, headers: incoming.headers, body: await buffer(incoming) };
};

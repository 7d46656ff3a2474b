import { once } from 'node:events';
import { Agent, type IncomingHttpHeaders, type ServerResponse, request as send } from 'node:http';
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { startLocalServer } from './local-server.ts';

/** One request of the SDK, as received by the proxy. */
export type Passage = {
  /** `UpdateItem` or `TransactWriteItems`. */
  action: string;
  body: string;
  /** The engine's status; `undefined` if it never received the request. */
  status: number | undefined;
  /** For a request that is applied after its connection was closed: settles when that has happened. */
  late: Promise<void> | undefined;
  /** Settles when the response has ended, whichever side ended it. */
  over: Promise<unknown>;
};

type EngineResponse = { status: number; headers: IncomingHttpHeaders; body: Buffer };

/** The connection on which a fault happens. */
export type Wire = {
  passage: Passage;
  response: ServerResponse;
  socket: Socket;
  /** Forwards the request to the engine; the fault decides whether the response is returned. */
  carryOut(): Promise<EngineResponse>;
  /** The same after the next requests, or at the end, without waiting for it. */
  carryOutLate(): void;
};

/** What happens to a request. */
export type Fault = (wire: Wire) => unknown;

export type FaultProxy = {
  url: string;
  /** Every request, in order of arrival. */
  passages: Passage[];
  /** The fault for the next request; initially `pass`. */
  faultFor: (passage: Passage) => Fault;
  /** Delivers all delayed requests. */
  deliverLate(): Promise<void>;
  close(): Promise<void>;
};

/** Nothing goes wrong. */
export const pass: Fault = async ({ response, carryOut }) => {
  const { status, headers, body } = await carryOut();
  response.writeHead(status, headers).end(body);
};

/** These faults for the first requests, in this order, and none for the following ones. */
export const inOrder = (...faults: Fault[]) => {
  const left = [...faults];
  return (): Fault => left.shift() ?? pass;
};

/** Faults for the requests of one action, and none for the others. */
export const on =
  (action: string, faultFor: (passage: Passage) => Fault) =>
  (passage: Passage): Fault =>
    passage.action === action ? faultFor(passage) : pass;

/** A delayed request is delivered once so many others have arrived. */
const delay = 4;

/** A proxy between the SDK and an engine that causes the faults of `faultFor`. */
export const startFaultProxy = async (engine: string): Promise<FaultProxy> => {
  const agent = new Agent({ keepAlive: true });
  const passages: Passage[] = [];
  const late: { since: number; deliver: () => Promise<unknown> }[] = [];
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
        const received = await forward(engine, agent, headers, body);
        passage.status = received.status;
        return received;
      };
      const carryOutLate = () => {
        const { promise, resolve } = Promise.withResolvers<void>();
        passage.late = promise;
        late.push({ since: passages.length, deliver: () => carryOut().then(() => resolve()) });
      };
      const [oldest] = late;
      if (oldest && passages.length - oldest.since >= delay) await late.shift()?.deliver();
      await proxy.faultFor(passage)({ passage, response, socket, carryOut, carryOutLate });
    } catch {
      // One side has closed its connection, so the other is closed too.
      socket.destroy();
    }
  });
  const proxy: FaultProxy = {
    url,
    passages,
    faultFor: () => pass,
    deliverLate: async () => {
      while (late.length > 0) await late.shift()?.deliver();
    },
    close: async () => {
      agent.destroy();
      await close();
    },
  };
  return proxy;
};

const forward = async (
  engine: string,
  agent: Agent,
  headers: IncomingHttpHeaders,
  body: Buffer,
): Promise<EngineResponse> => {
  const outgoing = send(engine, { method: 'POST', agent, headers });
  outgoing.end(body);
  const [incoming] = await once(outgoing, 'response');
  return { status: incoming.statusCode, headers: incoming.headers, body: await buffer(incoming) };
};

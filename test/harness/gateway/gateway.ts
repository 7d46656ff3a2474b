import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { CommandError } from '../../../infra/command-line.ts';
import { drain } from './drain.ts';
import { eventOf } from './event.ts';
import { ownReply, type Reply, replyOf } from './reply.ts';
import { matchIn, pathOf, type Route } from './routes.ts';

/** A route and its function. `invoke` returns the function's result, or rejects if the function throws. */
export type FunctionRoute = Route & { invoke(event: APIGatewayProxyEventV2): Promise<unknown> };

/** A static resource to serve beside the API. */
export type Page = { path: string; headers: Record<string, string>; body: string | Uint8Array };

export type GatewayOptions = {
  routes: readonly FunctionRoute[];
  pages?: readonly Page[];
  /** 0 for any free port. */
  port?: number;
  /** How long a function may take, in milliseconds; 30,000 by default, as on AWS. */
  integrationTimeout?: number;
  /** Receives a line for each request, and the stack traces of functions. */
  log?: (text: string) => void;
};

export type Gateway = { url: string; close(): Promise<void> };

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html, in bytes */
const maxBodySize = 10 * 1024 * 1024;
const maxHeadSize = 10_240;

/** Node's limit on the head, in bytes. It is above `maxHeadSize`, so that the gateway can respond to most that are too large. */
const maxHeaderSize = 65_536;

/**
 * Serves routes like an API Gateway HTTP API: the same events, error responses and limits.
 *
 * @throws CommandError if it cannot listen on the port
 */
export const startGateway = async (options: GatewayOptions): Promise<Gateway> => {
  const { port = 0, log = () => {} } = options;
  const server = createServer({ maxHeaderSize }, (request, response) => {
    const receivedAt = new Date();
    const requestId = newRequestId();
    response.on('error', () => {});
    response.once('close', () => log(logLine(request, response, receivedAt, requestId)));
    replyTo(options, request, { requestId, receivedAt })
      .then((reply) => send(request, response, reply, requestId))
      // The request broke off, so no response can reach the client.
      .catch(() => response.destroy());
  });
  // A client that closes its half of the connection after the request still gets the response.
  Object.assign(server, { httpAllowHalfOpen: true });
  server.on('clientError', rejectMalformed);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening').catch((error) => {
    throw new CommandError(
      error.code === 'EADDRINUSE'
        ? `Port ${port} is in use: stop the program that listens there, or set another port with --port or PORT.`
        : `Port ${port} is not available (${error.message}): set another port with --port or PORT.`,
    );
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
};

const replyTo = async (
  { routes, pages = [], integrationTimeout = 30_000, log = () => {} }: GatewayOptions,
  request: IncomingMessage,
  arrival: { requestId: string; receivedAt: Date },
): Promise<Reply> => {
  const { method = '', url: target = '', rawHeaders, socket } = request;
  if (headSize(request) > maxHeadSize) return ownReply(431, 'Request Header Fields Too Large');
  const path = pathOf(target);
  if (path === undefined) return ownReply(400, 'Bad Request');
  const page = pages.find((one) => one.path === path);
  if (page && ['GET', 'HEAD'].includes(method)) {
    return { status: 200, headers: page.headers, body: Buffer.from(page.body) };
  }
  const match = matchIn(routes, method, path);
  if (!match) return ownReply(404, 'Not Found');
  const body = await bodyOf(request);
  if (!body) return ownReply(413, 'Request Entity Too Large');

  const sourceIp = socket.remoteAddress ?? '';
  const event = eventOf({ method, target, rawHeaders, body, sourceIp, port: socket.localPort ?? 0, ...arrival }, match);
  try {
    return await within(integrationTimeout, async () => replyOf(await match.route.invoke(event)));
  } catch (error) {
    log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return ownReply(500, 'Internal Server Error');
  }
};

/** The bytes that count against AWS's limit: the request line and the header values. */
const headSize = ({ method = '', url = '', rawHeaders }: IncomingMessage): number =>
  rawHeaders
    .filter((_, index) => index % 2 === 1)
    .reduce((size, value) => size + value.length, `${method} ${url} HTTP/1.1`.length);

/** The body of a request; `undefined` if it is too large, and then the rest of it is left to `drain`. */
const bodyOf = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  if (Number(request.headers['content-length'] ?? 0) > maxBodySize) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.byteLength;
    if (size > maxBodySize) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const within = async (timeout: number, work: () => Promise<Reply>): Promise<Reply> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Reply>((resolve) => {
    timer = setTimeout(resolve, timeout, ownReply(503, 'Service Unavailable'));
  });
  return Promise.race([work(), late]).finally(() => clearTimeout(timer));
};

const send = async (
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Reply,
  requestId: string,
): Promise<void> => {
  response.writeHead(status, { ...headers, 'apigw-requestid': requestId, 'content-length': body.byteLength });
  if (!request.complete) {
    response.flushHeaders();
    response.write(body);
    // Before the response ends, because Node then closes a connection without keep-alive.
    await drain(request);
    response.end();
  } else response.end(body);
};

/** Node emits no request for what it cannot parse as HTTP, so the response is written to the socket. */
const rejectMalformed = (error: NodeJS.ErrnoException, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, message] =
    error.code === 'HPE_HEADER_OVERFLOW' ? [431, 'Request Header Fields Too Large'] : [400, 'Bad Request'];
  const body = JSON.stringify({ message });
  const headers = `connection: close\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
  socket.end(`HTTP/1.1 ${status} ${message}\r\n${headers}\r\n\r\n${body}`);
  // Detaches the parser, which would fail again on the rest.
  socket.removeAllListeners('data');
  drain(socket).catch(() => {});
};

/** In the format of AWS's, such as `JKJaXmPLvHcESHA=`. */
const newRequestId = (): string => randomBytes(11).toString('base64').replaceAll(/[+/]/g, '-');

const logLine = (request: IncomingMessage, response: ServerResponse, receivedAt: Date, requestId: string): string => {
  const [path = ''] = (request.url ?? '').split('?', 1);
  const status = response.writableFinished ? response.statusCode : 'gone';
  const took = Date.now() - receivedAt.getTime();
  return `${receivedAt.toISOString().slice(11, 23)} ${request.method} ${path.slice(0, 200)} ${status} ${took} ms ${requestId}`;
};

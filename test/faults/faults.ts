import { type Fault, pass } from './fault-proxy.ts';

/** The request is applied, and its response is lost. */
export const loseResponse: Fault = async ({ carryOut, socket }) => {
  await carryOut();
  socket.resetAndDestroy();
};

/** The request is applied, and the other side closes its half of the connection instead of responding. */
export const halfCloseAfterwards: Fault = async ({ carryOut, socket }) => {
  await carryOut();
  socket.end();
};

/** The request is applied, and the response is a 500. */
export const failAfterwards: Fault = async (wire) => {
  await wire.carryOut();
  await refuse(500, 'InternalServerError')(wire);
};

/** The connection is reset, and the request is applied once `when` has settled; `delivered` settles after that. */
export const holdUp = (when: Promise<unknown>) => {
  const { promise: delivered, resolve } = Promise.withResolvers<void>();
  const fault: Fault = async ({ carryOut, socket }) => {
    socket.resetAndDestroy();
    await when;
    await carryOut();
    resolve();
  };
  return { fault, delivered };
};

/** The connection is reset, and the request is applied some time later. */
export const delay: Fault = ({ carryOutLate, socket }) => {
  carryOutLate();
  socket.resetAndDestroy();
};

/** The table is changed before the request arrives. */
export const after =
  (change: () => Promise<unknown>, fault: Fault = pass): Fault =>
  async (wire) => {
    await change();
    await fault(wire);
  };

/** The connection is reset before the engine receives the request. */
export const reset: Fault = ({ socket }) => socket.resetAndDestroy();

/** The other side closes its half of the connection instead of responding, as if it was closed during a freeze. */
export const halfClose: Fault = ({ socket }) => socket.end();

/** The engine never receives the request, and there is no response. */
export const hang: Fault = () => {};

/** The request is applied, and its response stops halfway. */
export const stall: Fault = async ({ carryOut, response }) => {
  const { status, headers, body } = await carryOut();
  response.writeHead(status, headers).write(body.subarray(0, body.byteLength / 2));
};

/** DynamoDB refuses the request with an error in its own format. */
export const refuse =
  (status: number, name: string, { message = name, ...members }: Record<string, unknown> = {}): Fault =>
  ({ response }) => {
    const type = `com.amazonaws.dynamodb.v20120810#${name}`;
    response
      .writeHead(status, { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': type })
      .end(JSON.stringify({ __type: type, message, ...members }));
  };

/** A transaction is cancelled with these reasons, one for each of its items. */
export const cancel = (...codes: string[]): Fault =>
  refuse(400, 'TransactionCanceledException', {
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`,
    CancellationReasons: codes.map((Code) => (Code === 'None' ? { Code } : { Code, Message: Code })),
  });

/** Something else responds instead of the engine, in another format. */
export const respondWithText =
  (status: number, text: string): Fault =>
  ({ response }) =>
    response.writeHead(status, { 'content-type': 'text/html' }).end(text);

/** The response is not HTTP. */
export const respondWithoutHttp: Fault = ({ socket }) => socket.end('SSH-2.0-OpenSSH_9.2\r\n');

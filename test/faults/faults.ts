import { type Fault, pass } from './fault-proxy.ts';

/** The request is carried out, and its answer is lost. */
export const loseAnswer: Fault = async ({ carryOut, socket }) => {
  await carryOut();
  socket.resetAndDestroy();
};

/** The request is carried out, and the other side closes its half of the connection in place of an answer. */
export const halfCloseAfterwards: Fault = async ({ carryOut, socket }) => {
  await carryOut();
  socket.end();
};

/** The request is carried out, and all that comes back is a 500. */
export const failAfterwards: Fault = async (wire) => {
  await wire.carryOut();
  await refuse(500, 'InternalServerError')(wire);
};

/** The request is carried out once `when` has settled, long after its connection has broken; `delivered` settles with that. */
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

/** The connection breaks, and the request is carried out some time later. */
export const delay: Fault = ({ carryOutLate, socket }) => {
  carryOutLate();
  socket.resetAndDestroy();
};

/** Something happens to the table before the request gets there. */
export const after =
  (change: () => Promise<unknown>, fault: Fault = pass): Fault =>
  async (wire) => {
    await change();
    await fault(wire);
  };

/** The connection breaks before the engine sees the request. */
export const reset: Fault = ({ socket }) => socket.resetAndDestroy();

/** The other side closes its half of the connection in place of an answer, as one that went away during a freeze. */
export const halfClose: Fault = ({ socket }) => socket.end();

/** The engine never sees the request, and no answer comes. */
export const hang: Fault = () => {};

/** The request is carried out, and its answer stops halfway. */
export const stall: Fault = async ({ carryOut, response }) => {
  const { status, headers, body } = await carryOut();
  response.writeHead(status, headers).write(body.subarray(0, body.byteLength / 2));
};

/** DynamoDB refuses the request with an error of its own, in its JSON. */
export const refuse =
  (status: number, name: string, { message = name, ...members }: Record<string, unknown> = {}): Fault =>
  ({ response }) => {
    const type = `com.amazonaws.dynamodb.v20120810#${name}`;
    response
      .writeHead(status, { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': type })
      .end(JSON.stringify({ __type: type, message, ...members }));
  };

/** A transaction is cancelled, for these reasons, one for each of its items. */
export const cancel = (...codes: string[]): Fault =>
  refuse(400, 'TransactionCanceledException', {
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`,
    CancellationReasons: codes.map((Code) => (Code === 'None' ? { Code } : { Code, Message: Code })),
  });

/** Something on the way answers in the engine's stead, in no language of the engine's. */
export const answerText =
  (status: number, text: string): Fault =>
  ({ response }) =>
    response.writeHead(status, { 'content-type': 'text/html' }).end(text);

/** What comes back is not HTTP. */
export const answerNoHttp: Fault = ({ socket }) => socket.end('SSH-2.0-OpenSSH_9.2\r\n');

import { once } from 'node:events';
import { connect } from 'node:net';

/** A request as it is written to the connection, byte for byte: no client library mends its path or its headers. */
export type RawRequest = {
  method?: string;
  target: string;
  /** Names and values; a name may come twice. */
  headers: readonly (readonly [string, string])[];
  body?: string | Uint8Array;
};

/** An answer as it came. Header names are in lower case. */
export type RawAnswer = { status: number; headers: Record<string, string>; text: string };

/** Sends one request on a connection of its own. */
export const sendRaw = async (
  url: string,
  { method = 'PATCH', target, headers, body = '' }: RawRequest,
): Promise<RawAnswer> => {
  const bytes = Buffer.from(body);
  const { hostname, port, host } = new URL(url);
  const own = [
    ['Host', host],
    ['Connection', 'close'],
    ['Content-Length', String(bytes.byteLength)],
  ];
  const head = [...own, ...headers].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.write(Buffer.concat([Buffer.from(`${method} ${target} HTTP/1.1\r\n${head}\r\n`, 'latin1'), bytes]));
  await once(socket, 'close');
  return answerIn(Buffer.concat(chunks).toString());
};

const answerIn = (text: string): RawAnswer => {
  const end = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...fields] = text.slice(0, end).split('\r\n');
  const headers = fields.map((field): [string, string] => {
    const colon = field.indexOf(':');
    return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
  });
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(headers),
    text: text.slice(end + 4),
  };
};

/** An answer without what differs between any two: the moment and the request's id. */
export const withoutId = ({ status, headers, text }: RawAnswer): RawAnswer => {
  const { date: _date, 'x-request-id': id = '\0', 'apigw-requestid': _gatewayId, ...others } = headers;
  return { status, headers: others, text: text.replaceAll(id, '') };
};

import { once } from 'node:events';
import { connect } from 'node:net';

/** A request exactly as it is sent, byte for byte: no client library corrects its path or its headers. */
export type RawRequest = {
  method?: string;
  target: string;
  /** Names and values; a name may occur twice. */
  headers: readonly (readonly [string, string])[];
  body?: string | Uint8Array;
};

/** A response exactly as received. Header names are in lower case. */
export type RawResponse = { status: number; headers: Record<string, string>; text: string };

/** Sends one request on a connection of its own. */
export const sendRaw = async (
  url: string,
  { method = 'PATCH', target, headers, body = '' }: RawRequest,
): Promise<RawResponse> => {
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
  return parsed(Buffer.concat(chunks).toString());
};

const parsed = (text: string): RawResponse => {
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

/** A response without what differs between any two: the date and the request id. */
export const withoutId = ({ status, headers, text }: RawResponse): RawResponse => {
  const { date: _date, 'x-request-id': id = '\0', 'apigw-requestid': _gatewayId, ...others } = headers;
  return { status, headers: others, text: text.replaceAll(id, '') };
};

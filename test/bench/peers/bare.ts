import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { answerTo, jsonIn, updateClient } from './service.ts';

const textOf = ({ body = '', isBase64Encoded }: APIGatewayProxyEventV2): string =>
  isBase64Encoded ? Buffer.from(body, 'base64').toString() : body;

/** Without any framework. */
export const handler = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
  const answered = updateClient({
    ids: event.pathParameters ?? {},
    header: (name) => event.headers[name],
    body: () => jsonIn(textOf(event)),
  });
  const { status, headers, body } = await answered.catch(answerTo);
  return { statusCode: status, headers, body: JSON.stringify(body) };
};

import middy from '@middy/core';
import jsonBodyParser from '@middy/http-json-body-parser';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { answerTo, Refusal, updateClient } from './service.ts';

type Answered = APIGatewayProxyStructuredResultV2;

const answered = ({ status, headers, body }: ReturnType<typeof answerTo>): Answered => ({
  statusCode: status,
  headers,
  body: JSON.stringify(body),
});

/** With middy as it comes. */
export const handler = middy<APIGatewayProxyEventV2, Answered>()
  .use({
    onError: (request) => {
      const isMalformed = request.error !== null && 'statusCode' in request.error;
      request.response = answered(answerTo(isMalformed ? new Refusal(400, 'Body not readable') : request.error));
    },
  })
  .use(jsonBodyParser({ disableContentTypeCheck: true }))
  .handler(async (event) =>
    answered(
      await updateClient({
        ids: event.pathParameters ?? {},
        header: (name) => event.headers[name],
        body: () => event.body,
      }),
    ),
  );

import { Router } from '@aws-lambda-powertools/event-handler/http';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { answerTo, jsonIn, updateClient } from './service.ts';

const app = new Router();

const json = ({ status, headers, body }: ReturnType<typeof answerTo>): Response =>
  new Response(JSON.stringify(body), { status, headers });

app.patch('/v1/workspace/:workspaceId/clients/:clientId', async ({ req, params }) =>
  json(
    await updateClient({
      ids: params,
      header: (name) => req.headers.get(name) ?? undefined,
      body: async () => jsonIn(await req.text()),
    }),
  ),
);
app.errorHandler(Error, async (error) => json(answerTo(error)));

/** With the router of Powertools for AWS Lambda. */
export const handler = (event: APIGatewayProxyEventV2, context: Context) => app.resolve(event, context);

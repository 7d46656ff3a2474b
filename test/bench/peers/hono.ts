import { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';
import { answerTo, jsonIn, updateClient } from './service.ts';

const app = new Hono();

const json = ({ status, headers, body }: ReturnType<typeof answerTo>): Response =>
  new Response(JSON.stringify(body), { status, headers });

app.patch('/v1/workspace/:workspaceId/clients/:clientId', async (context) =>
  json(
    await updateClient({
      ids: context.req.param(),
      header: (name) => context.req.header(name),
      body: async () => jsonIn(await context.req.text()),
    }),
  ),
);
app.onError((error) => json(answerTo(error)));

export const handler = handle(app);

import awsLambdaFastify from '@fastify/aws-lambda';
import Fastify, { type FastifyRequest } from 'fastify';
import { answerTo, type Ids, Refusal, updateClient } from './service.ts';

const app = Fastify();

/** One value of a header. */
const headerOf = ({ headers }: FastifyRequest, name: string): string | undefined => headers[name]?.toString();

app.patch<{ Params: Ids }>('/v1/workspace/:workspaceId/clients/:clientId', async (request, reply) => {
  const { status, headers, body } = await updateClient({
    ids: request.params,
    header: (name) => headerOf(request, name),
    body: () => request.body,
  });
  return reply.code(status).headers(headers).send(body);
});
app.setErrorHandler((error, _request, reply) => {
  const isMalformed = error instanceof SyntaxError;
  const { status, headers, body } = answerTo(isMalformed ? new Refusal(400, 'Body not readable') : error);
  return reply.code(status).headers(headers).send(body);
});

export const handler = awsLambdaFastify(app, { decorateRequest: false });

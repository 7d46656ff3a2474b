import { configure } from '@codegenie/serverless-express';
import express, { type ErrorRequestHandler } from 'express';
import { answerTo, Refusal, updateClient } from './service.ts';

const app = express();

app.use(express.json({ type: ['application/json', 'application/merge-patch+json'], limit: '256kb' }));
app.patch('/v1/workspace/:workspaceId/clients/:clientId', async (request, response) => {
  const { status, headers, body } = await updateClient({
    ids: request.params,
    header: (name) => request.get(name),
    body: () => request.body,
  });
  response.status(status).set(headers).json(body);
});

// Express tells an error handler by its four parameters.
const answerError: ErrorRequestHandler = (error, _request, response, _next) => {
  const isMalformed = error instanceof SyntaxError;
  const { status, headers, body } = answerTo(isMalformed ? new Refusal(400, 'Body not readable') : error);
  response.status(status).set(headers).json(body);
};
app.use(answerError);

export const handler = configure({ app });

import { type BaseIssue, getDotPath, is, isValiError } from 'valibot';
import { Id } from '../domain/fields.ts';
import { Problem } from '../domain/problem.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Authenticated } from './authenticate.ts';
import type { Middleware } from './request-path.ts';
import { stackFramesIn } from './stack-frames.ts';

/** Log threshold: every request, defects only, or nothing. */
export type LogLevel = 'INFO' | 'ERROR' | 'SILENT';

export type Log = {
  level: LogLevel;
  /** The namespace of the metrics in CloudWatch. */
  namespace: string;
  /** Writes a line, given without its line break. */
  write: (line: string) => void;
};

/** When the request came, in milliseconds of `performance.now`, and who sent it, once that is known. */
type Observed = { startedAt: number } & Partial<Authenticated>;

type Request = Parameters<NonNullable<Middleware<Observed>['before']>>[0];

/**
 * Writes one line of JSON for each request, which is log and metrics in one: CloudWatch takes the metrics that `_aws`
 * names out of it. The line holds nothing that was sent but the workspace's id and the token's subject, and of an error
 * only its name and where it was thrown, since its message may hold values.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export const observe = (
  { id }: Pick<Endpoint, 'id'>,
  { level: threshold, namespace, write }: Log,
): Middleware<Observed> => {
  const metrics = metricsIn(namespace);
  let isColdStart = true;

  const report = (request: Request) => {
    const { event, response, context, internal } = request;
    const problem = request.error instanceof Problem ? request.error : undefined;
    const status = response?.statusCode;
    const level = levelOf(status);
    const coldStart = isColdStart;
    isColdStart = false;
    if (threshold === 'SILENT' || (threshold === 'ERROR' && level !== 'ERROR')) return;

    const now = Date.now();
    const workspaceId = event.pathParameters?.workspaceId;
    const line = {
      level,
      timestamp: new Date(now).toISOString(),
      requestId: event.requestContext.requestId,
      lambdaRequestId: context.awsRequestId,
      endpoint: id,
      workspaceId: is(Id, workspaceId) ? workspaceId : undefined,
      caller: internal.caller?.subject,
      status,
      outcome: problem?.code ?? 'success',
      ...causeOf(problem),
      duration: Math.round((performance.now() - internal.startedAt) * 10) / 10,
      coldStart,
      requests: 1,
      failed: level === 'INFO' ? 0 : 1,
      _aws: { Timestamp: now, CloudWatchMetrics: metrics },
    };
    try {
      write(JSON.stringify(line));
    } catch {
      // The change is stored by now: a line that cannot be written must not cost the caller the response.
    }
  };

  return {
    before: ({ internal }) => {
      internal.startedAt = performance.now();
    },
    after: report,
    onError: report,
  };
};

const levelOf = (status: number | undefined): 'INFO' | 'WARN' | 'ERROR' => {
  if (status === 503) return 'WARN';
  return status === undefined || status >= 500 ? 'ERROR' : 'INFO';
};

/** The cause of a response that is not the caller's fault. */
const causeOf = (problem: Problem | undefined): { error?: string; at?: string[]; attributes?: string[] } => {
  if (problem?.code !== 'internal' && problem?.code !== 'unavailable') return {};
  const { cause } = problem;
  return {
    error: cause instanceof Error ? cause.name : typeof cause,
    at: stackFramesIn(cause),
    ...(isValiError(cause) && { attributes: attributesIn(cause.issues) }),
  };
};

/** Up to five attributes of a stored record that do not fit the reply's schema: names of that schema, and no values. */
const attributesIn = (issues: readonly BaseIssue<unknown>[]): string[] =>
  issues.slice(0, 5).flatMap((issue) => getDotPath(issue) ?? []);

/** Requests are counted by outcome; failures and time are taken over all outcomes. Each name is a member of the line. */
const metricsIn = (namespace: string) => [
  { Namespace: namespace, Dimensions: [['endpoint', 'outcome']], Metrics: [{ Name: 'requests', Unit: 'Count' }] },
  {
    Namespace: namespace,
    Dimensions: [['endpoint']],
    Metrics: [
      { Name: 'duration', Unit: 'Milliseconds' },
      { Name: 'failed', Unit: 'Count' },
    ],
  },
];

import type { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type Declaration, declarations } from '../../infra/declaration.ts';
import { newApp } from '../../infra/new-app.ts';
import { ServiceStack } from '../../infra/service-stack.ts';
import { settingsFrom } from '../../infra/settings.ts';

export const endpoints = declarations;

/** An endpoint that nobody wrote a line for in `infra`. */
export const thirdEndpoint: Declaration = {
  id: 'update-session',
  summary: 'Update Session',
  method: 'PATCH',
  path: '/v1/workspace/{workspaceId}/sessions/{sessionId}',
  problems: ['internal', 'not-found'],
  tableActions: ['UpdateItem'],
  tablePartitions: ['workspace'],
};

/** In place of the local issuer's variables. */
export const localVariables = {
  JWT_ISSUER: 'local',
  JWT_AUDIENCE: 'local',
  // The public key of RFC 7517 appendix A.1.
  JWT_JWKS:
    '{"keys":[{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}',
};

/** What a stage that callers depend on must be told. */
export const issuer = { issuer: 'https://issuer.example.com', audience: 'patchwork' };

/** A topic that alarms tell. */
export const alarmTopic = 'arn:aws:sns:eu-west-1:123456789012:night';

/** One context for each kind of stage. */
export const contexts = {
  sandbox: {},
  staging: { stage: 'staging', ...issuer, alarmTopic },
  prod: { stage: 'prod', ...issuer, alarmTopic },
};

/** The stack that a context asks for, with this folder in the place of every bundle. */
export const stackOf = async (
  context: Record<string, string> = {},
  declared: readonly Declaration[] = endpoints,
): Promise<{ app: App; stack: ServiceStack }> => {
  const app = newApp();
  const settings = await settingsFrom(context, async () => localVariables);
  const stack = new ServiceStack(app, { settings, endpoints: declared, codeOf: () => import.meta.dirname });
  return { app, stack };
};

/** The template that a context asks for. */
export const templateOf = async (
  context?: Record<string, string>,
  declared?: readonly Declaration[],
): Promise<Template> => Template.fromStack((await stackOf(context, declared)).stack);

/** The logical id of the one resource of a type whose properties fit. */
export const idOf = (template: Template, type: string, properties: object = {}): string => {
  const [id, ...others] = Object.keys(template.findResources(type, { Properties: properties }));
  if (id === undefined || others.length > 0)
    throw new Error(`Not one ${type} fits, but ${others.length + (id ? 1 : 0)}`);
  return id;
};

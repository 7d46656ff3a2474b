import type { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type Declaration, declarations } from '../../infra/declaration.ts';
import { newApp } from '../../infra/new-app.ts';
import { ServiceStack } from '../../infra/service-stack.ts';
import { settingsFrom } from '../../infra/settings.ts';

export const endpoints = declarations;

/** A new endpoint, which `infra` must support without changes. */
export const newEndpoint: Declaration = {
  id: 'replace-part',
  summary: 'Replace Part',
  method: 'PATCH',
  path: '/v1/workspace/{workspaceId}/parts/{partId}',
  problems: ['internal', 'not-found'],
  tableActions: ['UpdateItem'],
  tablePartitions: ['WORKSPACE#'],
};

/** Stands in for the local issuer's variables. */
export const localVariables = {
  JWT_ISSUER: 'local',
  JWT_AUDIENCE: 'local',
  // The public key of RFC 7517 appendix A.1.
  JWT_JWKS:
    '{"keys":[{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}',
};

/** The settings that staging and prod require. */
export const issuer = { issuer: 'https://issuer.example.com', audience: 'patchwork' };

/** A topic for alarms. */
export const alarmTopic = 'arn:aws:sns:eu-west-1:123456789012:night';

/** A context for each kind of stage. */
export const contexts = {
  sandbox: {},
  staging: { stage: 'staging', ...issuer, alarmTopic },
  prod: { stage: 'prod', ...issuer, alarmTopic },
};

/** The stack for a context, with this folder in place of each bundle. */
export const stackOf = async (
  context: Record<string, string> = {},
  declared: readonly Declaration[] = endpoints,
): Promise<{ app: App; stack: ServiceStack }> => {
  const app = newApp();
  const settings = await settingsFrom(context, async () => localVariables);
  const stack = new ServiceStack(app, { settings, endpoints: declared, codeOf: () => import.meta.dirname });
  return { app, stack };
};

/** The template for a context. */
export const templateOf = async (
  context?: Record<string, string>,
  declared?: readonly Declaration[],
): Promise<Template> => Template.fromStack((await stackOf(context, declared)).stack);

/**
 * The logical id of the resource with the given type and properties.
 *
 * @throws Error unless exactly one resource matches
 */
export const idOf = (template: Template, type: string, properties: object = {}): string => {
  const [id, ...others] = Object.keys(template.findResources(type, { Properties: properties }));
  if (id === undefined || others.length > 0)
    throw new Error(`Expected one matching ${type}, but there are ${others.length + (id ? 1 : 0)}`);
  return id;
};

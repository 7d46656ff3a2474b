import * as v from 'valibot';
import { configurationFrom } from '../lib/configuration.ts';
import { CommandError } from './command-line.ts';
import { type Rollout, type Stage, stages } from './stages.ts';

/** The settings given with `-c key=value`, validated, with defaults. */
export type Settings = {
  stackName: string;
  stageName: string;
  stage: Stage;
  rollout: Rollout;
  /** Environment variables of the functions: which tokens they accept. */
  tokenVariables: Record<string, string>;
  /** The origins that may call the API from a browser. */
  corsOrigins: readonly string[];
  /** The SNS topic that alarms notify. */
  alarmTopicArn: string | undefined;
};

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;

/** Each message continues a sentence that starts with the key. */
const stackKeys = {
  stage: v.pipe(
    v.optional(v.string(), 'sandbox'),
    v.regex(/^(sandbox(-[a-z0-9]{1,20})?|staging|prod)$/, 'must be sandbox, sandbox-<your name>, staging or prod'),
  ),
  rollout: v.optional(v.picklist(['gradual', 'at-once'], 'must be gradual or at-once')),
  corsOrigins: v.pipe(
    v.optional(v.string(), ''),
    v.transform((text) => text.split(/[\s,]+/).filter((part) => part !== '')),
    v.everyItem(isOrigin, 'must be origins, such as https://app.example.com'),
  ),
  alarmTopic: v.optional(v.pipe(v.string(), v.regex(/^arn:[^:]+:sns:/, 'must be the ARN of an SNS topic'))),
};

/** Keys that become environment variables of the functions; `lib/configuration.ts` validates their values. */
const tokenKeys = {
  issuer: 'JWT_ISSUER',
  audience: 'JWT_AUDIENCE',
  jwksUri: 'JWT_JWKS_URI',
  algorithms: 'JWT_ALGORITHMS',
  clockTolerance: 'JWT_CLOCK_TOLERANCE',
  workspacesClaim: 'JWT_WORKSPACES_CLAIM',
  workspaceIdClaim: 'JWT_WORKSPACE_ID_CLAIM',
  permissionsClaim: 'JWT_PERMISSIONS_CLAIM',
} as const;

const knownKeys = [...Object.keys(stackKeys), ...Object.keys(tokenKeys)];

/**
 * The settings in a CDK context. A sandbox without an `issuer` trusts the local issuer, whose variables `localIssuer` returns.
 *
 * @throws CommandError if a setting is missing, unknown or wrong
 */
export const settingsFrom = async (
  context: Readonly<Record<string, unknown>>,
  localIssuer: () => Promise<Record<string, string>>,
): Promise<Settings> => {
  rejectUnknownKeys(context);
  const { success, output, issues } = v.safeParse(v.object(stackKeys), context);
  if (!success) throw new CommandError(`${v.getDotPath(issues[0])} ${issues[0].message}.`);

  const { stage: stageName, corsOrigins, alarmTopic } = output;
  const stage = stageOf(stageName);
  const given = tokenVariablesIn(context);
  const isSelfContained = stage === stages.sandbox && given.JWT_ISSUER === undefined;
  const tokenVariables = isSelfContained ? { ...given, ...(await localIssuer()) } : withKeySet(stageName, given);
  rejectWrongVariables(tokenVariables);
  return {
    stackName: `patchwork-${stageName}`,
    stageName,
    stage,
    rollout: output.rollout ?? stage.rollout,
    tokenVariables,
    corsOrigins,
    alarmTopicArn: alarmTopic,
  };
};

/** The CDK's own keys contain a colon or a slash. */
const rejectUnknownKeys = (context: Readonly<Record<string, unknown>>): void => {
  const unknown = Object.keys(context).find((key) => !/[:/]/.test(key) && !knownKeys.includes(key));
  if (unknown !== undefined) throw new CommandError(`${unknown} is not a setting: -c accepts ${knownKeys.join(', ')}.`);
};

const stageOf = (name: string): Stage => {
  if (name === 'prod') return stages.prod;
  return name === 'staging' ? stages.staging : stages.sandbox;
};

const tokenVariablesIn = (context: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(tokenKeys).flatMap(([key, variable]) => {
      const value = context[key];
      return value === undefined || value === '' ? [] : [[variable, String(value)]];
    }),
  );

/**
 * `jwksUri` defaults to the path at which most issuers publish their keys.
 *
 * @throws CommandError without `issuer` or `audience`
 */
const withKeySet = (stageName: string, given: Record<string, string>): Record<string, string> => {
  const missing = (['issuer', 'audience'] as const).filter((key) => given[tokenKeys[key]] === undefined);
  if (missing.length > 0) {
    const options = missing.map((key) => `-c ${key}=<${key} of the tokens>`);
    throw new CommandError(`The stage ${stageName} needs ${options.join(' and ')}.`);
  }
  return { JWT_JWKS_URI: `${given.JWT_ISSUER?.replace(/\/$/, '')}/.well-known/jwks.json`, ...given };
};

const rejectWrongVariables = (tokenVariables: Record<string, string>): void => {
  try {
    configurationFrom({ ...tokenVariables, TABLE_NAME: 'known-later' });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const named = Object.entries(tokenKeys).reduce(
      (message, [key, variable]) => message.replaceAll(new RegExp(`\\b${variable}\\b`, 'g'), key),
      error.message,
    );
    throw new CommandError(named.replace('Invalid environment', 'Wrong settings'));
  }
};

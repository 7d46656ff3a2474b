import { describe, expect, test } from 'vitest';
import { CommandError } from '../../infra/command-line.ts';
import { settingsFrom } from '../../infra/settings.ts';
import { issuer, localVariables, stackOf } from './synthesise.ts';

const settingsOf = (context: Record<string, unknown>) => settingsFrom(context, async () => localVariables);

describe('A sandbox', () => {
  test('is the default stage and trusts the local issuer', async () => {
    expect(await settingsOf({})).toMatchObject({
      stackName: 'patchwork-sandbox',
      tokenVariables: localVariables,
      corsOrigins: [],
      rollout: 'at-once',
    });
  });

  test('can have a name of its own', async () => {
    expect(await settingsOf({ stage: 'sandbox-jane' })).toMatchObject({ stackName: 'patchwork-sandbox-jane' });
  });

  test('trusts another issuer if one is configured', async () => {
    const { tokenVariables } = await settingsOf(issuer);
    expect(tokenVariables).toEqual({
      JWT_ISSUER: 'https://issuer.example.com',
      JWT_AUDIENCE: 'patchwork',
      JWT_JWKS_URI: 'https://issuer.example.com/.well-known/jwks.json',
    });
  });
});

describe('The stage prod', () => {
  test('is deployed gradually, or all at once with rollout=at-once', async () => {
    expect(await settingsOf({ stage: 'prod', ...issuer })).toMatchObject({ rollout: 'gradual' });
    expect(await settingsOf({ stage: 'prod', ...issuer, rollout: 'at-once' })).toMatchObject({ rollout: 'at-once' });
  });

  test('passes every token setting on to the functions', async () => {
    const { tokenVariables } = await settingsOf({
      ...{
        stage: 'prod',
        ...issuer,
        jwksUri: 'https://keys.example.com/set',
        algorithms: 'ES256',
        clockTolerance: '30',
      },
      ...{ workspacesClaim: 'w', workspaceIdClaim: 'i', permissionsClaim: 'p' },
    });
    expect(tokenVariables).toEqual({
      JWT_ISSUER: 'https://issuer.example.com',
      JWT_AUDIENCE: 'patchwork',
      JWT_JWKS_URI: 'https://keys.example.com/set',
      JWT_ALGORITHMS: 'ES256',
      JWT_CLOCK_TOLERANCE: '30',
      JWT_WORKSPACES_CLAIM: 'w',
      JWT_WORKSPACE_ID_CLAIM: 'i',
      JWT_PERMISSIONS_CLAIM: 'p',
    });
  });
});

test.each([
  [
    { stage: 'prod' },
    'The stage prod needs -c issuer=<issuer of the tokens> and -c audience=<audience of the tokens>.',
  ],
  [
    { stage: 'prod', issuer: 'https://issuer.example.com' },
    'The stage prod needs -c audience=<audience of the tokens>.',
  ],
  [{ stage: 'staging', audience: 'a', issuer: '' }, 'The stage staging needs -c issuer=<issuer of the tokens>.'],
  [{ stage: 'production' }, 'stage must be sandbox, sandbox-<your name>, staging or prod.'],
  [{ stage: 'sandbox-Jane Doe' }, 'stage must be sandbox, sandbox-<your name>, staging or prod.'],
  [{ isuer: 'https://issuer.example.com' }, 'isuer is not a setting: -c accepts stage, '],
  [{ rollout: 'slow' }, 'rollout must be gradual or at-once.'],
  [{ corsOrigins: 'https://app.example.com/' }, 'corsOrigins must be origins, such as https://app.example.com.'],
  [{ corsOrigins: '*' }, 'corsOrigins must be origins, such as https://app.example.com.'],
  [{ alarmTopic: 'night' }, 'alarmTopic must be the ARN of an SNS topic.'],
  [{ stage: 'prod', ...issuer, algorithms: 'none' }, 'Wrong settings: algorithms may name only RS256,'],
  [{ stage: 'prod', ...issuer, issuer: 'example' }, 'Wrong settings: jwksUri is not an https URL'],
])('the context %j is rejected in one sentence', async (context, sentence) => {
  const rejection = await settingsOf(context).catch((error) => error);
  expect(rejection).toBeInstanceOf(CommandError);
  expect(rejection.message).toContain(sentence);
  expect(rejection.message).not.toContain('\n');
});

test("the CDK's own context keys are ignored", async () => {
  await expect(
    stackOf({ '@aws-cdk/core:checkSecretUsage': 'true', 'aws:cdk:enable-path-metadata': 'true' }),
  ).resolves.toBeDefined();
});

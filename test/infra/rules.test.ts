import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CfnGuardValidator } from '@cdklabs/cdk-validator-cfnguard';
import { type App, Validations } from 'aws-cdk-lib';
import { CfnGlobalTable } from 'aws-cdk-lib/aws-dynamodb';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { contexts, stackOf } from './synthesise.ts';

/** Enables the CDK's own rules. They take most of the time, so the other tests of this suite run without them. */
beforeEach(() => void vi.stubEnv('CDK_VALIDATION', 'true'));
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const Report = v.object({
  pluginReports: v.array(v.object({ violations: v.array(v.object({ ruleName: v.string() })) })),
});

/** Synthesises with all rules and returns the names of the broken ones. */
const brokenRulesOf = (app: App): string[] => {
  const guardRules = fileURLToPath(new URL('rules.guard', import.meta.url));
  Validations.of(app).addPlugins(
    new AwsSolutionsChecks(app),
    new ServerlessChecks(app),
    new CfnGuardValidator({ controlTowerRulesEnabled: false, rules: [guardRules] }),
  );
  vi.spyOn(console, 'error').mockReturnValue();
  try {
    app.synth();
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ValidationFailed')) throw error;
  }
  const report: unknown = JSON.parse(readFileSync(`${app.outdir}/validation-report.json`, 'utf8'));
  const { pluginReports } = v.parse(Report, report);
  return pluginReports.flatMap(({ violations }) => violations.map(({ ruleName }) => ruleName));
};

describe.each([
  ['the sandbox', {}],
  ['staging', contexts.staging],
  ['prod', { ...contexts.prod, corsOrigins: 'https://app.example.com' }],
])('The stack of %s', (_, context) => {
  test('passes the rules of AwsSolutions and Serverless and the custom rules', async () => {
    const { app } = await stackOf(context);
    expect(brokenRulesOf(app)).toEqual([]);
  });

  test('suppresses only rules that it breaks, each with a reason in one sentence', async () => {
    const acknowledge = vi.spyOn(Validations.prototype, 'acknowledge').mockImplementation(() => {});
    const { app } = await stackOf(context);
    const broken = brokenRulesOf(app);
    for (const { id, reason } of acknowledge.mock.calls.flat()) {
      expect(broken).toContain(id);
      expect(reason).toMatch(/^[A-Z][^.]{30,}\.$/);
    }
  });
});

describe('A custom rule is broken by', () => {
  test('a table without point-in-time recovery', async () => {
    const { app, stack } = await stackOf();
    for (const table of stack.node.findAll().filter((node) => node instanceof CfnGlobalTable)) {
      table.addPropertyOverride('Replicas.0.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled', false);
    }
    expect(brokenRulesOf(app)).toContain('table_has_point_in_time_recovery');
  });

  test('a table without KMS encryption', async () => {
    const { app, stack } = await stackOf();
    for (const table of stack.node.findAll().filter((node) => node instanceof CfnGlobalTable)) {
      table.addPropertyDeletionOverride('SSESpecification');
    }
    expect(brokenRulesOf(app)).toContain('table_is_encrypted_with_kms_key');
  });

  test('a log group without a retention period', async () => {
    const { app, stack } = await stackOf();
    for (const log of stack.node.findAll().filter((node) => node instanceof CfnLogGroup)) {
      log.addPropertyDeletionOverride('RetentionInDays');
    }
    expect(brokenRulesOf(app)).toContain('log_group_has_retention');
  });
});

import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Stage } from './stages.ts';

/**
 * A log group with the stage's retention; it outlives a protected stack. CloudFormation names it, so that a log group left
 * by a deleted stack does not block recreating that stack.
 */
export const logGroupFor = (scope: Construct, id: string, { logRetentionDays, isProtected }: Stage): LogGroup =>
  new LogGroup(scope, id, {
    retention: logRetentionDays,
    removalPolicy: isProtected ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });

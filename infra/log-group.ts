import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Stage } from './stages.ts';

/** A log group that forgets in time and outlives a protected stack; nameless, so that the stack can be made again. */
export const logGroupFor = (scope: Construct, id: string, { logRetentionDays, isProtected }: Stage): LogGroup =>
  new LogGroup(scope, id, {
    retention: logRetentionDays,
    removalPolicy: isProtected ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });

import { Validations } from 'aws-cdk-lib';
import { LambdaApplication, LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import type { EndpointFunction } from './endpoint-function.ts';

/**
 * Deploys a new version of each function gradually: it gets 10 % of the requests for five minutes, then all. If one of its
 * alarms goes off during that time, all requests go back to the previous version.
 */
export const rollOut = (scope: Construct, functions: readonly EndpointFunction[], { rollback }: Alarms): void => {
  const group = new Construct(scope, 'Rollout');
  const application = new LambdaApplication(group, 'Application');
  for (const {
    endpoint: { id },
    alias,
  } of functions) {
    const deployments = new LambdaDeploymentGroup(group, id, {
      application,
      alias,
      deploymentConfig: LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
      alarms: [...(rollback.get(id) ?? [])],
      autoRollback: { deploymentInAlarm: true, failedDeployment: true, stoppedDeployment: true },
    });
    Validations.of(deployments).acknowledge({
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited]',
      reason: 'AWS maintains this managed policy with the permissions that CodeDeploy needs to shift traffic.',
    });
  }
};

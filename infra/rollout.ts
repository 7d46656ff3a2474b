import { Validations } from 'aws-cdk-lib';
import { LambdaApplication, LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import type { EndpointFunction } from './endpoint-function.ts';

/**
 * Lets a new version of each function take over step by step: it gets a tenth of the requests for five minutes, then all.
 * An alarm on the way gives all of them back to the version before.
 */
export const rollOut = (scope: Construct, functions: readonly EndpointFunction[], { againstRollout }: Alarms): void => {
  const group = new Construct(scope, 'Rollout');
  const application = new LambdaApplication(group, 'Application');
  for (const {
    endpoint: { id },
    live,
  } of functions) {
    const deployments = new LambdaDeploymentGroup(group, id, {
      application,
      alias: live,
      deploymentConfig: LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
      alarms: [...(againstRollout.get(id) ?? [])],
      autoRollback: { deploymentInAlarm: true, failedDeployment: true, stoppedDeployment: true },
    });
    Validations.of(deployments).acknowledge({
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited]',
      reason: 'AWS keeps the policy that its own CodeDeploy service needs to shift traffic between versions.',
    });
  }
};

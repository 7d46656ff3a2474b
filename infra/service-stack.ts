import { CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Alarms } from './alarms.ts';
import { sourceOf } from './bundling/bundle-function.ts';
import { dashboardFor } from './dashboard.ts';
import type { Declaration } from './declaration.ts';
import { EndpointFunction } from './endpoint-function.ts';
import { Api } from './http-api.ts';
import { rollOut } from './rollout.ts';
import type { Settings } from './settings.ts';
import { tableFor } from './table.ts';

export type ServiceStackProps = {
  settings: Settings;
  endpoints: readonly Declaration[];
  /** Returns the folder with the code of an endpoint's function, ready to deploy. */
  codeOf: (endpointId: string) => string;
};

/** The whole service: the table, the API, a function and a route for each declared endpoint, alarms and a dashboard. */
export class ServiceStack extends Stack {
  constructor(scope: Construct, { settings, endpoints, codeOf }: ServiceStackProps) {
    const { stackName, stage, stageName } = settings;
    const tags = { service: 'patchwork', stage: stageName };
    super(scope, 'Service', {
      stackName,
      description: `Patchwork, stage ${stageName}`,
      terminationProtection: stage.isProtected,
      tags,
    });
    for (const [key, value] of Object.entries(tags)) Tags.of(this).add(key, value);

    const table = tableFor(this, stage);
    const api = new Api(this, settings);
    const functions = endpoints.map((endpoint) => {
      const endpointFunction = new EndpointFunction(this, {
        endpoint,
        code: this.bundlingRequired ? codeOf(endpoint.id) : sourceOf(endpoint.id),
        table,
        settings,
      });
      api.addRoute(endpoint, endpointFunction.alias);
      return endpointFunction;
    });
    const monitored = { settings, api, functions, table };
    const alarms = new Alarms(this, monitored);
    const dashboardUrl = dashboardFor(this, monitored, alarms);
    if (settings.rollout === 'gradual') rollOut(this, functions, alarms);

    new CfnOutput(this, 'ApiUrl', { value: api.httpApi.apiEndpoint });
    new CfnOutput(this, 'TableName', { value: table.tableName });
    new CfnOutput(this, 'DashboardUrl', { value: dashboardUrl });
  }
}

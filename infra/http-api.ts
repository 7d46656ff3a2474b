import { Duration, Validations } from 'aws-cdk-lib';
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  CorsHttpMethod,
  type CorsPreflightOptions,
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Alias } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Declaration } from './declaration.ts';
import { logGroupFor } from './log-group.ts';
import type { Settings } from './settings.ts';

/** The HTTP API: only the `$default` stage, and only the routes added with `addRoute`. */
export class Api extends Construct {
  readonly httpApi: HttpApi;

  constructor(scope: Construct, settings: Settings) {
    super(scope, 'Api');
    this.httpApi = new HttpApi(this, 'HttpApi', {
      apiName: settings.stackName,
      createDefaultStage: false,
      ...(settings.corsOrigins.length > 0 && { corsPreflight: corsFor(settings.corsOrigins) }),
    });
    new HttpStage(this, 'Stage', {
      httpApi: this.httpApi,
      stageName: '$default',
      autoDeploy: true,
      throttle: settings.stage.throttle,
      detailedMetricsEnabled: true,
      accessLogSettings: {
        destination: new LogGroupLogDestination(logGroupFor(this, 'AccessLog', settings.stage)),
        format: accessLogFormat,
      },
    });
  }

  /** Routes an endpoint's method and path to its function. */
  addRoute({ id, method, path }: Declaration, alias: Alias): void {
    const route = new HttpRoute(this, id, {
      httpApi: this.httpApi,
      routeKey: HttpRouteKey.with(path, HttpMethod[method]),
      integration: new HttpLambdaIntegration('Integration', alias),
    });
    Validations.of(route).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        'The function verifies the token, because a gateway authorizer cannot respond as RFC 6750 and RFC 9457 require.',
    });
  }
}

/** The caller's IP address is personal data and is left out. */
const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    requestId: AccessLogField.contextRequestId(),
    time: AccessLogField.contextRequestTime(),
    route: AccessLogField.contextRouteKey(),
    status: AccessLogField.contextStatus(),
    error: AccessLogField.contextErrorMessage(),
    integrationError: AccessLogField.contextIntegrationErrorMessage(),
    integrationStatus: AccessLogField.contextIntegrationStatus(),
    integrationLatency: AccessLogField.contextIntegrationLatency(),
    responseLatency: AccessLogField.contextResponseLatency(),
    responseLength: AccessLogField.contextResponseLength(),
  }),
);

const corsFor = (origins: readonly string[]): CorsPreflightOptions => ({
  allowOrigins: [...origins],
  allowMethods: [CorsHttpMethod.PATCH],
  allowHeaders: ['authorization', 'content-type', 'if-match', 'if-none-match'],
  exposeHeaders: ['accept-encoding', 'accept-patch', 'etag', 'retry-after', 'www-authenticate', 'x-request-id'],
  maxAge: Duration.hours(1),
});

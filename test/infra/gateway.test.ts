import { describe, expect, test } from 'vitest';
import { openApi } from '../../functions/openapi.ts';
import { contexts, endpoints, idOf, newEndpoint, templateOf } from './synthesise.ts';

const declared = [...endpoints, newEndpoint];

/** Members of the access log, and API Gateway's `$context` variable of each. */
const accessLog = {
  requestId: 'requestId',
  time: 'requestTime',
  route: 'routeKey',
  status: 'status',
  error: 'error.message',
  integrationError: 'integrationErrorMessage',
  integrationStatus: 'integrationStatus',
  integrationLatency: 'integrationLatency',
  responseLatency: 'responseLatency',
  responseLength: 'responseLength',
};

/** The headers in the contract. */
const requestHeaders = ['authorization', 'content-type', 'if-match', 'if-none-match'];
const responseHeaders = ['accept-encoding', 'accept-patch', 'etag', 'retry-after', 'www-authenticate', 'x-request-id'];

describe.each(Object.entries(contexts))('The gateway of %s', async (stage, context) => {
  const template = await templateOf(context, declared);
  const api = { Ref: idOf(template, 'AWS::ApiGatewayV2::Api', { Name: `patchwork-${stage}`, ProtocolType: 'HTTP' }) };
  const aliasOf = (id: string) => {
    const name = { Ref: idOf(template, 'AWS::Lambda::Function', { FunctionName: `patchwork-${stage}-${id}` }) };
    return { Ref: idOf(template, 'AWS::Lambda::Alias', { FunctionName: name }) };
  };

  test('has exactly the declared routes, including a new one', () => {
    const routes = Object.values(template.findResources('AWS::ApiGatewayV2::Route'));
    expect(routes.map(({ Properties }) => Properties.RouteKey).toSorted()).toEqual(
      declared.map(({ method, path }) => `${method} ${path}`).toSorted(),
    );
  });

  test.each(declared)('integrates the route of $id with the alias of its function', (endpoint) => {
    const integration = idOf(template, 'AWS::ApiGatewayV2::Integration', {
      ApiId: api,
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: aliasOf(endpoint.id),
      PayloadFormatVersion: '2.0',
    });
    template.hasResourceProperties('AWS::ApiGatewayV2::Route', {
      ApiId: api,
      RouteKey: `${endpoint.method} ${endpoint.path}`,
      Target: { 'Fn::Join': ['', ['integrations/', { Ref: integration }]] },
    });
  });

  test('has only the stage $default, which is deployed automatically', () => {
    const [resource, ...others] = Object.values(template.findResources('AWS::ApiGatewayV2::Stage'));
    expect(others).toEqual([]);
    expect(resource?.Properties).toMatchObject({ ApiId: api, StageName: '$default', AutoDeploy: true });
  });

  test('logs every request as JSON, without the IP address of the caller', () => {
    const [{ Properties } = {}] = Object.values(template.findResources('AWS::ApiGatewayV2::Stage'));
    const { Format, DestinationArn } = Properties.AccessLogSettings;
    expect(JSON.parse(Format)).toEqual(
      Object.fromEntries(Object.entries(accessLog).map(([member, variable]) => [member, `$context.${variable}`])),
    );
    expect(DestinationArn).toEqual({ 'Fn::GetAtt': [expect.stringContaining('AccessLog'), 'Arn'] });
    expect(template.findResources('AWS::Logs::LogGroup')).toHaveProperty(DestinationArn['Fn::GetAtt'][0]);
  });
});

describe('A page of another origin', () => {
  test.each(Object.entries(contexts))('cannot call %s unless its origin is configured', async (_, context) => {
    const closed = await templateOf(context);
    expect(JSON.stringify(closed.findResources('AWS::ApiGatewayV2::Api'))).not.toContain('Cors');
  });

  describe.each(Object.entries(contexts))('that is configured for %s', async (_, context) => {
    const open = await templateOf({ ...context, corsOrigins: 'https://app.example.com https://admin.example.com' });
    const [{ Properties } = {}] = Object.values(open.findResources('AWS::ApiGatewayV2::Api'));
    const { CorsConfiguration: cors } = Properties;
    const operations = Object.values(openApi.paths).flatMap((path) => Object.values(path));

    test('can call with PATCH only, and browsers cache the preflight response for an hour', () => {
      expect(cors).toMatchObject({
        AllowOrigins: ['https://app.example.com', 'https://admin.example.com'],
        AllowMethods: [...new Set(endpoints.map(({ method }) => method))],
        MaxAge: 3600,
      });
      expect(cors).not.toHaveProperty('AllowCredentials');
    });

    test('can send every documented request header', () => {
      const documented = operations.flatMap(({ parameters }) =>
        parameters.filter((parameter) => parameter.in === 'header').map(({ name }) => name.toLowerCase()),
      );
      expect(documented).not.toEqual([]);
      expect(cors.AllowHeaders).toEqual(expect.arrayContaining([...requestHeaders, ...documented]));
      expect(cors.AllowHeaders).not.toContain('*');
    });

    test('can read every documented response header', () => {
      const documented = operations.flatMap(({ responses }) =>
        Object.values(responses).flatMap(({ headers }) => Object.keys(headers).map((name) => name.toLowerCase())),
      );
      expect(documented).not.toEqual([]);
      expect(cors.ExposeHeaders).toEqual(expect.arrayContaining([...responseHeaders, ...documented]));
    });
  });
});

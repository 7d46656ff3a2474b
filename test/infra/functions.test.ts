import { describe, expect, test } from 'vitest';
import { environmentOf, linesOf } from './function-log.ts';
import { contexts, endpoints, idOf, newEndpoint, templateOf } from './synthesise.ts';

const declared = [...endpoints, newEndpoint];
const oneOrMany = (values: string[]) => (values.length === 1 ? values[0] : values);

describe.each(Object.entries(contexts))('In %s', async (stage, context) => {
  const template = await templateOf(context, declared);
  const table = idOf(template, 'AWS::DynamoDB::GlobalTable');
  const functionOf = (id: string) =>
    idOf(template, 'AWS::Lambda::Function', { FunctionName: `patchwork-${stage}-${id}` });
  const propertiesOf = (id: string) => template.findResources('AWS::Lambda::Function')[functionOf(id)]?.Properties;
  const aliasesOf = (id: string) =>
    Object.entries(
      template.findResources('AWS::Lambda::Alias', { Properties: { FunctionName: { Ref: functionOf(id) } } }),
    );
  const roleOf = (id: string) =>
    template.findResources('AWS::IAM::Role')[propertiesOf(id).Role['Fn::GetAtt'][0]]?.Properties;

  test.each(declared)('$id has 1,024 MB, ten seconds, arm64 and tracing', ({ id, summary }) => {
    expect(propertiesOf(id)).toMatchObject({
      Description: summary,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'handler.handler',
      MemorySize: 1024,
      Timeout: 10,
      TracingConfig: { Mode: 'Active' },
    });
  });

  test.each(declared)('$id logs each request as JSON to its own log group, plus warnings of Lambda', ({ id }) => {
    const { LogGroup, ...logging } = propertiesOf(id).LoggingConfig;
    expect(logging).toEqual({ LogFormat: 'JSON', ApplicationLogLevel: 'INFO', SystemLogLevel: 'WARN' });
    expect(template.findResources('AWS::Logs::LogGroup')).toHaveProperty(LogGroup.Ref);
    expect(declared.filter((other) => propertiesOf(other.id).LoggingConfig.LogGroup.Ref === LogGroup.Ref)).toHaveLength(
      1,
    );
    const environment = environmentOf(template, `patchwork-${stage}-${id}`);
    expect(linesOf(id, environment, [{ outcome: 'success', status: 200 }])).toHaveLength(1);
  });

  test.each(declared)('$id gets its table and its metrics namespace, and is primed', ({ id }) => {
    expect(propertiesOf(id).Environment.Variables).toMatchObject({
      TABLE_NAME: { Ref: table },
      METRICS_NAMESPACE: `patchwork-${stage}`,
      PRIMING: 'on',
    });
  });

  test.each(declared)('$id has one alias, "live", which points to a published version', ({ id }) => {
    const [[, { Properties } = { Properties: {} }] = [], ...others] = aliasesOf(id);
    expect(others).toEqual([]);
    expect(Properties.Name).toBe('live');
    const [version, attribute] = Properties.FunctionVersion['Fn::GetAtt'];
    expect(attribute).toBe('Version');
    expect(template.findResources('AWS::Lambda::Version')[version]?.Properties.FunctionName).toEqual({
      Ref: functionOf(id),
    });
  });

  test.each(declared)('$id can be invoked by its route only', ({ id, path }) => {
    const permissions = Object.values(template.findResources('AWS::Lambda::Permission')).filter(({ Properties }) =>
      JSON.stringify(Properties.SourceArn).includes(`/*/*${path}"`),
    );
    expect(permissions).toHaveLength(1);
    expect(permissions[0]?.Properties).toMatchObject({
      FunctionName: { Ref: aliasesOf(id)[0]?.[0] },
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
      SourceArn: { 'Fn::Join': ['', expect.arrayContaining([`/*/*${path}`])] },
    });
  });

  test('nothing else can invoke a function', () => {
    template.resourceCountIs('AWS::Lambda::Permission', declared.length);
  });

  test.each(declared)('$id has a role that only Lambda can assume', ({ id }) => {
    expect(roleOf(id).AssumeRolePolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
    ]);
  });

  test.each(declared)('$id is allowed its declared actions, logging and tracing, and nothing else', (endpoint) => {
    const log = propertiesOf(endpoint.id).LoggingConfig.LogGroup.Ref;
    const { ManagedPolicyArns, Policies } = roleOf(endpoint.id);
    expect(ManagedPolicyArns).toBeUndefined();
    expect(
      Policies.flatMap((policy: { PolicyDocument: { Statement: unknown } }) => policy.PolicyDocument.Statement),
    ).toEqual([
      {
        Effect: 'Allow',
        Action: oneOrMany(endpoint.tableActions.map((action) => `dynamodb:${action}`).toSorted()),
        Resource: { 'Fn::GetAtt': [table, 'Arn'] },
        Condition: {
          'ForAllValues:StringLike': {
            'dynamodb:LeadingKeys': endpoint.tablePartitions.map((prefix) => `${prefix}*`),
          },
        },
      },
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: { 'Fn::GetAtt': [log, 'Arn'] },
      },
      { Effect: 'Allow', Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], Resource: '*' },
    ]);
    const attached = Object.values(template.findResources('AWS::IAM::Policy'));
    expect(attached).toEqual([]);
  });
});

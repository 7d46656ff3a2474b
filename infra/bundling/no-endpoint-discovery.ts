/**
 * Stands in for `@aws-sdk/middleware-endpoint-discovery` in the bundles (`options.ts`). Endpoint discovery is off by default
 * for DynamoDB and comes with a cache of its own, 8.5 KB in all. The endpoint is derived from the region, or configured.
 */
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: (): undefined => undefined,
  configFileSelector: (): undefined => undefined,
  default: false,
};

export const resolveEndpointDiscoveryConfig = <Configuration>(configuration: Configuration): Configuration =>
  configuration;

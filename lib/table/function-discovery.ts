/**
 * What a bundled function has instead of the SDK's endpoint discovery (`infra/bundling.ts`), which is off for DynamoDB
 * unless somebody turns it on, and brings a cache of its own. Endpoints are derived from the region, or given.
 */
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: (): undefined => undefined,
  configFileSelector: (): undefined => undefined,
  default: false,
};

export const resolveEndpointDiscoveryConfig = <Configuration>(configuration: Configuration): Configuration =>
  configuration;

import { App } from 'aws-cdk-lib';
import featureFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };

/** A CDK app with all recommended feature flags; `-c` overrides them. */
export const newApp = (): App => new App({ context: featureFlags });

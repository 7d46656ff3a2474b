export { Sha256 } from '@smithy/core/checksum';

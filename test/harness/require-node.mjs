import '../../infra/require-node.mjs';

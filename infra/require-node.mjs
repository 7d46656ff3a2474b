// Loaded with `--import` before a TypeScript entry point, so that an old Node prints this message and not
// ERR_UNKNOWN_FILE_EXTENSION. Plain JavaScript, which an old Node can run.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `Patchwork requires Node 22.18 or newer, but this is ${process.version} (${process.execPath}): ` +
      'run "npm ci", which installs Node 24 for the npm scripts, or install Node 24.\n',
  );
  process.exit(1);
}

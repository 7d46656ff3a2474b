// Loaded with `--import` before a TypeScript entry, so that an old Node says what is missing instead of
// ERR_UNKNOWN_FILE_EXTENSION. Plain JavaScript, because an old Node must be able to run it.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `Patchwork needs Node 22.18 or newer, and this is ${process.version} (${process.execPath}): ` +
      'run "npm ci" and start it with "npm start", or install Node 24.\n',
  );
  process.exit(1);
}

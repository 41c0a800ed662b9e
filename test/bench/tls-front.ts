// An HTTPS front of an emulator in a process of its own, so that its work is not counted as anybody's.
// Arguments: the emulator's port, the files of key and certificate. Prints its address.

import { startTlsProxy } from '../conformance/emulator/tls-proxy.ts';

const [port, key, certificate] = process.argv.slice(2);
const proxy = await startTlsProxy({ key: key ?? '', certificate: certificate ?? '' }, Number(port));
process.stdout.write(`${proxy.address}\n`);

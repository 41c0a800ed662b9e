// The Dropbox adapter keeps the contract of CloudStore, against the emulator.

import { describeCloudStore } from './cloud-store.ts';
import { openEmulated } from './cloud-emulator.ts';

describeCloudStore('Dropbox adapter on the emulator', openEmulated);

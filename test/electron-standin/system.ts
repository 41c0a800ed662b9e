// The parts of Electron that concern the system: safeStorage, session, power, net and others. No keyring is spoken to:
// `safeStorage` says that encryption is not available, as Electron does on a Linux without one.

import { fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { protocol } from './protocol.ts';
import { unsupported } from './context.ts';

const NO_KEYRING = 'Encryption is not available: the stand-in has no keyring.';

export const safeStorage = {
  isEncryptionAvailable: (): boolean => false,
  isAsyncEncryptionAvailable: (): Promise<boolean> => Promise.resolve(false),
  getSelectedStorageBackend: (): string => 'basic_text',
  setUsePlainTextEncryption(): void {},
  encryptString(): never {
    throw new Error(NO_KEYRING);
  },
  decryptString(): never {
    throw new Error(NO_KEYRING);
  },
  encryptStringAsync: (): Promise<never> => Promise.reject(new Error(NO_KEYRING)),
  decryptStringAsync: (): Promise<never> => Promise.reject(new Error(NO_KEYRING)),
};

class Session extends EventEmitter {
  readonly protocol = protocol;
  readonly webRequest = { onHeadersReceived(): void {}, onBeforeRequest(): void {}, onBeforeSendHeaders(): void {} };
  readonly cookies = { get: (): Promise<[]> => Promise.resolve([]) };
  /** Asked by nobody here: chromium refuses by itself. A test can see what the app would have answered. */
  readonly handlers: Record<string, unknown> = {};
  setPermissionRequestHandler(handler: unknown): void {
    this.handlers['permissionRequest'] = handler;
  }
  setPermissionCheckHandler(handler: unknown): void {
    this.handlers['permissionCheck'] = handler;
  }
  setDevicePermissionHandler(handler: unknown): void {
    this.handlers['devicePermission'] = handler;
  }
  setSpellCheckerEnabled(): void {}
  clearCache(): Promise<void> {
    return Promise.resolve();
  }
  clearStorageData(): Promise<void> {
    return Promise.resolve();
  }
  setProxy(): Promise<void> {
    return Promise.resolve();
  }
}

export const defaultSession = new Session();
export const session = { defaultSession, fromPartition: (): Session => new Session() };

export const powerMonitor = Object.assign(new EventEmitter(), {
  getSystemIdleTime: (): number => 0,
  isOnBatteryPower: (): boolean => false,
});
export const powerSaveBlocker = { start: (): number => 1, stop(): void {}, isStarted: (): boolean => false };
export const autoUpdater = Object.assign(new EventEmitter(), { setFeedURL(): void {}, checkForUpdates(): void {} });
export const crashReporter = { start(): void {} };
export const systemPreferences = new EventEmitter();
export const net = {
  fetch: (address: string, init?: RequestInit): Promise<Response> => fetch(address, init),
  isOnline: (): boolean => true,
  request: (): never => unsupported('net.request'),
};
export const utilityProcess = {
  fork: (module: string, args: string[] = []) => fork(module, args, { stdio: 'inherit' }),
};

// The gallery's page: without `?scene=` the list of all scenes beside a frame, with it that scene alone.

import '../ui/styles.ts';
import { notifications } from '@mantine/notifications';
import { createRoot } from 'react-dom/client';
import { App } from '../app/App.tsx';
import { closePalette } from '../app/Palette.tsx';
import { receivePushes } from '../app/receive.ts';
import { Root } from '../app/Root.tsx';
import { preloadScreens } from '../app/screens.ts';
import { useNavigation } from '../stores/navigation-store.ts';
import { usePreferences } from '../stores/preferences-store.ts';
import { createFakeBridge } from './fake-bridge.ts';
import { Gallery } from './Gallery.tsx';
import { resetStores } from './recorded-stores.ts';
import type { Scene } from './scene.ts';

const modules = import.meta.glob<{ readonly scenes: readonly Scene[] }>(
  ['../features/*/scenes/*.tsx', '../app/scenes/*.tsx', '../ui/scenes/*.tsx'],
  { eager: true },
);
/** Screens are loaded when they are first shown; a scene that is looked at must be there at once. */
const loaded = preloadScreens();
const scenes: readonly Scene[] = Object.values(modules).flatMap((module) => module.scenes);

const query = new URLSearchParams(window.location.search);
const place = document.getElementById('root') as HTMLElement;
const ask = window.fetch.bind(window);
let root = createRoot(place);
let stopReceiving: () => void = () => {};
const wanted = query.get('scene');

// For the tests and the manual's pictures, which look at one after the other in the same page.
const sceneFiles = Object.fromEntries(
  Object.entries(modules).map(([file, module]) => [file, module.scenes.map(({ id, screen }) => ({ id, screen }))]),
);
Object.assign(window, { sceneIds: scenes.map((scene) => scene.id), sceneFiles, showScene: show });
if (wanted !== null) void show(wanted, query.get('lang') ?? 'en');
else if (!query.has('empty')) root.render(<Gallery scenes={scenes} />);

async function show(id: string, language: string): Promise<void> {
  const scene = scenes.find((one) => one.id === id);
  if (!scene) throw new Error(`There is no scene "${id}".`);
  await loaded;
  startAfresh();
  const bridge = createFakeBridge(scene, language);
  Object.assign(window, { docktide: bridge });
  window.fetch = withTexts(scene);
  stopReceiving = receivePushes();
  await usePreferences.getState().load();
  root.render(<Root>{scene.view ? <Alone scene={scene} /> : <App />}</Root>);
  await nextFrame();
  if (scene.screen !== undefined) useNavigation.setState({ screen: scene.screen, params: scene.params ?? {} });
  await document.fonts.ready;
  await nextFrame();
  for (const push of scene.pushes ?? []) bridge.push(push);
  await scene.after?.();
  await rest();
  document.documentElement.dataset['ready'] = id;
}

/** Nothing of the scene before is left. */
function startAfresh(): void {
  delete document.documentElement.dataset['ready'];
  stopReceiving();
  root.unmount();
  root = createRoot(place);
  notifications.clean();
  notifications.cleanQueue();
  closePalette();
  resetStores();
}

/** Previews of texts come from the scene; nothing else is asked of the network. */
function withTexts({ texts = {} }: Scene): typeof fetch {
  return async (address, init) => {
    const id = /\/preview\/[^/]+\/(\d+)/.exec(typeof address === 'string' ? address : '')?.[1];
    if (id === undefined) return ask(address, init);
    const text = texts[Number(id)];
    return new Response(text ?? null, { status: text === undefined ? 204 : 200 });
  };
}

/** A component by itself. */
function Alone({ scene }: { scene: Scene }) {
  if (scene.small === true) return <div className="small-scene">{scene.view?.()}</div>;
  return (
    <main className="scene">
      <h1 className="visually-hidden">{scene.title}</h1>
      {scene.view?.()}
    </main>
  );
}

/** React has drawn, and the answers of the fake bridge have arrived. */
async function nextFrame(): Promise<void> {
  for (let frames = 0; frames < 4; frames++) await new Promise((resolve) => requestAnimationFrame(resolve));
}

/** Nothing has changed in the page for some frames and nothing is on its way; no longer than a moment is waited. */
async function rest(): Promise<void> {
  const isBusy = (): boolean => document.querySelector('[role="status"][aria-busy="true"]') !== null;
  let still = 0;
  const observer = new MutationObserver(() => (still = 0));
  observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  const end = performance.now() + 1_000;
  for (; (still < 5 || isBusy()) && performance.now() < end; still++)
    await new Promise((resolve) => requestAnimationFrame(resolve));
  observer.disconnect();
}

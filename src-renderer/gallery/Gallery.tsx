import { useState } from 'react';
import { LANGUAGES } from '../../src-shared/languages.ts';
import styles from './Gallery.module.css';
import type { Scene } from './scene.ts';

const SIZES = ['1280×800', '1920×1080', '800×600'];
const COLOURS = ['light', 'dark'];

/** All scenes by feature, and the chosen one in a frame of its own. */
export function Gallery({ scenes }: { scenes: readonly Scene[] }) {
  const [id, setId] = useState(window.location.hash.slice(1) || (scenes[0]?.id ?? ''));
  const [language, setLanguage] = useState<string>('en');
  const [colours, setColours] = useState('light');
  const [size, setSize] = useState('1280×800');
  const groups = Map.groupBy(scenes, (scene) => scene.id.slice(0, scene.id.indexOf('-')));
  const [width, height] = size.split('×').map(Number);
  const choose = (scene: Scene): void => {
    window.history.replaceState(null, '', `#${scene.id}`);
    setId(scene.id);
  };
  return (
    <div className={styles.gallery}>
      <nav className={styles.list} aria-label="Scenes">
        {[...groups].map(([group, members]) => (
          <section key={group}>
            <h2>{group}</h2>
            {members.map((scene) => (
              <button
                key={scene.id}
                type="button"
                className={styles.scene}
                aria-current={scene.id === id}
                onClick={() => choose(scene)}
              >
                {scene.title}
              </button>
            ))}
          </section>
        ))}
      </nav>
      <div className={styles.stage}>
        <div className={styles.tools}>
          <Choice label="Language" value={language} values={LANGUAGES} choose={setLanguage} />
          <Choice label="Colours" value={colours} values={COLOURS} choose={setColours} />
          <Choice label="Size" value={size} values={SIZES} choose={setSize} />
        </div>
        <iframe
          key={`${id} ${language} ${colours}`}
          title={id}
          src={`?scene=${id}&lang=${language}`}
          className={styles.frame}
          style={{ width, height, colorScheme: colours }}
        />
      </div>
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly values: readonly string[];
  readonly choose: (value: string) => void;
}

function Choice({ label, value, values, choose }: ChoiceProps) {
  return (
    <label>
      {label}{' '}
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        {values.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    </label>
  );
}

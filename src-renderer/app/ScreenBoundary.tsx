import { Component, type ReactNode } from 'react';
import { sentence } from '../bridge/bridge.ts';
import { Failure } from '../ui/Failure.tsx';
import { t } from '../ui/words.ts';

interface State {
  readonly error: unknown;
}

/** A screen that cannot be drawn says so; the frame around it goes on. */
export class ScreenBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return (
      <Failure
        title={t('app.screenFailed')}
        message={sentence(this.state.error)}
        retry={() => this.setState({ error: null })}
      />
    );
  }
}

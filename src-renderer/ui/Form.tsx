import type { ReactNode } from 'react';

/** A form whose Enter key and button do the same; the page stays. */
export function Form({
  submit,
  className,
  children,
}: {
  submit: () => Promise<void> | void;
  className?: string | undefined;
  children: ReactNode;
}) {
  return (
    <form
      {...(className !== undefined && { className })}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {children}
    </form>
  );
}

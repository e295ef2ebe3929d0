// Loads a text file, such as a list of addresses, into a field.

import { useId } from "react";

import { buttonClass } from "~/ui/Button.tsx";

interface Props {
  label: string;
  onText(text: string): void;
}

export function TextFileButton({ label, onText }: Props) {
  const id = useId();
  return (
    <label
      htmlFor={id}
      className={buttonClass("secondary", "s", "cursor-pointer self-start has-focus-visible:outline-2")}
    >
      {label}
      <input
        id={id}
        type="file"
        accept=".csv,.txt,text/csv,text/plain"
        className="sr-only"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          void file?.text().then(onText);
        }}
      />
    </label>
  );
}

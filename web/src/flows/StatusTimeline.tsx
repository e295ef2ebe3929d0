import { classes } from "~/lib/classes.ts";
import { texts } from "~/texts.ts";
import { CheckIcon, CloseIcon } from "~/ui/icons.tsx";
import { Spinner } from "~/ui/Spinner.tsx";
import { shortAddress } from "~/ui/values.tsx";
import { type FlowStep, type Row, timeline } from "./flow.ts";

const MARKS = {
  done: "bg-accent text-on-accent",
  now: "bg-accent-soft text-accent",
  todo: "border border-line",
  failed: "bg-danger-soft text-danger",
};

/** Where one transaction stands, step by step. */
export function StatusTimeline({ step, title }: { step: FlowStep; title?: string }) {
  const rows = timeline(step);
  return (
    <section aria-live="polite">
      {title !== undefined && <h3 className="mb-3 font-semibold">{title}</h3>}
      <ol className="flex flex-col">
        {rows.map((row, place) => (
          <li
            key={row.name}
            aria-current={row.state === "now" ? "step" : undefined}
            className="relative flex gap-3 pb-4 last:pb-0"
          >
            {place < rows.length - 1 && (
              <span
                aria-hidden="true"
                className={classes(
                  "absolute top-6 bottom-0 left-[11px] w-0.5",
                  row.state === "done" ? "bg-accent" : "bg-line",
                )}
              />
            )}
            <span className={classes("z-10 grid size-6 shrink-0 place-items-center rounded-full", MARKS[row.state])}>
              {row.state === "done" && <CheckIcon className="size-4" />}
              {row.state === "now" && <Spinner className="size-3.5" />}
              {row.state === "failed" && <CloseIcon className="size-4" />}
            </span>
            <span className={classes("flex min-h-6 flex-col justify-center", row.state === "todo" && "text-muted")}>
              <span className={row.state === "now" ? "font-medium" : ""}>{wordsOf(row)}</span>
              {row.name === "sent" && step.txHash !== undefined && (
                <span className="font-mono text-muted text-xs" title={step.txHash}>
                  {shortAddress(step.txHash)}
                </span>
              )}
            </span>
          </li>
        ))}
      </ol>
      {step.intent?.step === "reorged" && <p className="mt-3 text-sm text-warn">{texts.flow.reorged}</p>}
    </section>
  );
}

function wordsOf(row: Row): string {
  if (row.name === "sent" && row.state === "now") return texts.flow.waitingWallet;
  if (row.name === "confirming" && row.state === "now" && row.required !== undefined) {
    return `${texts.flow.rows.confirming}: ${texts.flow.depth(row.confirmations ?? 0, row.required)}`;
  }
  return texts.flow.rows[row.name];
}

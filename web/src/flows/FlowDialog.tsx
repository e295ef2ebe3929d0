import { Link } from "@tanstack/react-router";

import { useStore } from "~/lib/store.ts";
import { texts } from "~/texts.ts";
import { Button, buttonClass } from "~/ui/Button.tsx";
import { Dialog } from "~/ui/Dialog.tsx";
import { Media, THUMB } from "~/ui/Media.tsx";
import { Spinner } from "~/ui/Spinner.tsx";
import { Note } from "~/ui/states.tsx";
import { toast } from "~/ui/toast.ts";
import type { Flow } from "./flow.ts";
import { dismiss, run, shownFlow, useOwnFlows } from "./run.ts";
import { StatusTimeline } from "./StatusTimeline.tsx";

/** The dialog of the flow that `shownFlow` names. */
export default function FlowDialog() {
  const shown = useStore(shownFlow);
  const flow = useOwnFlows().find((one) => one.id === shown);
  if (flow === undefined) return null;
  const close = (): void => shownFlow.set(null);
  return (
    <Dialog title={flow.title} onClose={close}>
      <FlowProgress flow={flow} />
      <FlowActions flow={flow} onClose={close} />
    </Dialog>
  );
}

/** What a flow is about and where each of its transactions stands; for pages, too. */
export function FlowProgress({ flow }: { flow: Flow }) {
  const several = flow.steps.length > 1;
  return (
    <div className="flex flex-col gap-5">
      <div className="flex items-center gap-4">
        {flow.image !== undefined && (
          <Media src={flow.image} sizes={THUMB} alt="" className="size-16 shrink-0 rounded-control" />
        )}
        <p role="status" className="text-muted">
          {texts.flow.phases[flow.phase]}
        </p>
      </div>
      {flow.trouble !== undefined && (
        <Note kind={flow.phase === "failed" ? "danger" : "warn"} title={flow.trouble.title}>
          {flow.trouble.advice}
        </Note>
      )}
      {flow.steps.length === 0 && flow.phase === "preparing" && (
        <span className="text-accent">
          <Spinner className="size-6" />
        </span>
      )}
      {flow.steps.map((step, place) => (
        <StatusTimeline
          key={step.intentId}
          step={step}
          title={several ? `${place + 1}. ${texts.flow.kinds[step.kind]}` : undefined}
        />
      ))}
    </div>
  );
}

/** A flow that was dismissed while it ran has nothing to tell. */
function toldUnlessLeft(error: unknown): void {
  if (!(error instanceof DOMException && error.name === "AbortError")) toast.error(error);
}

export function FlowActions({ flow, onClose }: { flow: Flow; onClose: () => void }) {
  return (
    <div className="mt-6 flex flex-wrap gap-3">
      {flow.phase === "paused" && (
        <Button onClick={() => void run(flow.id).catch(toldUnlessLeft)}>{texts.flow.go}</Button>
      )}
      {flow.phase === "done" && flow.href !== undefined && (
        <Link to={flow.href} onClick={onClose} className={buttonClass()}>
          {texts.flow.view}
        </Link>
      )}
      {(flow.phase === "paused" || flow.phase === "failed") && (
        <Button variant="ghost" onClick={() => dismiss(flow.id)}>
          {texts.flow.dismiss}
        </Button>
      )}
      <Button variant="secondary" onClick={onClose}>
        {texts.common.close}
      </Button>
    </div>
  );
}

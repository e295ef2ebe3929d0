import { classes } from "~/lib/classes.ts";

interface Props {
  /** Names the bar for who does not see it. */
  label: string;
  value: number;
  max: number;
  className?: string;
}

/** How much of something there is. */
export function Bar({ label, value, max, className }: Props) {
  return (
    <progress
      aria-label={label}
      value={value}
      max={max}
      className={classes(
        "block h-1.5 w-full appearance-none overflow-hidden rounded-full border-none bg-sunken",
        "[&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent",
        "[&::-webkit-progress-value]:transition-[width]",
        className,
      )}
    />
  );
}

import type { ReactNode } from "react";

import { classes } from "~/lib/classes.ts";

export interface Column<T> {
  title: string;
  cell: (row: T) => ReactNode;
  /** Numbers are set to the right. */
  end?: boolean;
  /** Left out on a phone. */
  wide?: boolean;
}

interface Props<T> {
  caption: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
}

/** A table with a caption for screen readers. */
export function Table<T>({ caption, columns, rows, rowKey }: Props<T>) {
  return (
    <table className="w-full border-collapse text-[15px]">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th
              key={column.title}
              scope="col"
              className={classes(
                "px-2 pb-2 font-medium text-muted text-sm first:pl-0 last:pr-0 md:px-3",
                column.end ? "text-right" : "text-left",
                column.wide && "hidden md:table-cell",
              )}
            >
              {column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)} className="border-line border-t">
            {columns.map((column) => (
              <td
                key={column.title}
                className={classes(
                  "px-2 py-3 align-middle first:pl-0 last:pr-0 md:px-3",
                  column.end && "figures text-right",
                  column.wide && "hidden md:table-cell",
                )}
              >
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

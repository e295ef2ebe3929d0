import { QueryClient } from "@tanstack/react-query";

import { ProblemError } from "~/api/problems.ts";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // What the API refused it refuses again; only an outage is worth another try.
      retry: (failures, error) =>
        failures < 2 && (!(error instanceof ProblemError) || error.repeatable || error.status >= 500),
    },
  },
});

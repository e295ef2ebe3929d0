import { useQuery } from "@tanstack/react-query";

import { chainsQuery } from "./queries.ts";

/** The symbol of a chain's own currency, such as `ETH`; empty until it is known. Default: of the first chain. */
export function useNativeSymbol(chainId?: string): string {
  const chains = useQuery(chainsQuery).data?.items ?? [];
  const chain = chains.find((one) => one.chainId === chainId) ?? chains[0];
  return chain?.nativeCurrency.symbol ?? "";
}

/** The symbol of its wrapped form, such as `WETH`, in which offers are paid; empty until it is known. */
export function useWrappedSymbol(chainId?: string): string {
  const symbol = useNativeSymbol(chainId);
  return symbol === "" ? "" : `W${symbol}`;
}

// An injected wallet (EIP-1193), announced as EIP-6963 says. Whoever injects it answers `callWallet`.
(({ uuid, name }) => {
  const provider = {
    async request({ method, params = [] }) {
      const { result, error } = await window.callWallet(uuid, method, params);
      if (error) throw Object.assign(new Error(error.message), { code: error.code });
      return result;
    },
    // Its account and its chain never change.
    on: () => provider,
    removeListener: () => provider,
  };
  const icon = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'/%3E";
  const info = { uuid, name, icon, rdns: `test.wallet.${uuid.slice(0, 8)}` };
  const announce = () =>
    window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail: Object.freeze({ info, provider }) }));
  window.addEventListener("eip6963:requestProvider", announce);
  announce();
})

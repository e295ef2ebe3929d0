// An injected wallet (EIP-1193), announced as EIP-6963 says. Whoever injects it answers `callWallet`.
(({ uuid, name }) => {
  const listeners = { accountsChanged: new Set(), chainChanged: new Set(), connect: new Set(), disconnect: new Set() };
  const provider = {
    async request({ method, params = [] }) {
      const { result, error } = await window.callWallet(uuid, method, params);
      if (error) throw Object.assign(new Error(error.message), { code: error.code });
      return result;
    },
    on(event, listener) {
      listeners[event]?.add(listener);
      return provider;
    },
    removeListener(event, listener) {
      listeners[event]?.delete(listener);
      return provider;
    },
  };
  const icon = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'/%3E";
  const info = { uuid, name, icon, rdns: `test.wallet.${uuid.slice(0, 8)}` };
  const announce = () =>
    window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail: Object.freeze({ info, provider }) }));
  window.addEventListener("eip6963:requestProvider", announce);
  window.addEventListener("test:wallet", ({ detail }) => {
    if (detail.uuid === uuid) for (const listener of listeners[detail.event] ?? []) listener(detail.value);
  });
  announce();
})

// Made by scripts/generate.mjs of the API's document. Do not edit.

export interface paths {
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The process runs
         * @description Answers as long as the event loop runs. No dependency is asked, so an outage elsewhere restarts no process.
         */
        get: operations["healthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ipfs/{cid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Content by its CID
         * @description A picture or a document of ours, as an IPFS gateway serves it. Content that we do not hold is not fetched.
         */
        get: operations["getByCid"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ipfs/{cid}/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Content by its path in a directory
         * @description A file in a directory of ours, such as the metadata of a token. Directories are not listed.
         */
        get: operations["getByPath"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/media/{mediaId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An asset's content
         * @description The bytes that the upload stored. They never change: the id is their SHA-256.
         */
        get: operations["getOriginal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/media/{mediaId}/{width}.webp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A variant of an asset
         * @description A smaller rendering, animated if the original is.
         */
        get: operations["getVariant"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Prometheus metrics
         * @description Counters and histograms of this process, in the Prometheus text format.
         */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every dependency by name
         * @description Each dependency is asked at once, for at most a second.
         *
         *     503 only if Postgres does not answer, since without it this process serves nothing. Without one of the others it is
         *     `degraded`: most of what it serves does not need them, and the other processes lack them as well.
         */
        get: operations["readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{address}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An account's portfolio
         * @description Totals over all chains, the collections of which it holds most, and its market activity by chain.
         */
        get: operations["getAccount"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{address}/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What an account did or received, newest first
         * @description What it sent, received, minted, burned, listed, bid on or sold, on every chain.
         */
        get: operations["listAccountActivity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{address}/collections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Collections of which an account holds tokens
         * @description The collections of which it holds most come first.
         */
        get: operations["listAccountCollections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{address}/offers-received": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Offers that an account could accept, newest first
         * @description Active offers of others, in any currency: for a token that it holds, for any token of a collection of which it
         *     holds one, and for a set with one of its tokens. Of an account with more than 200 collections, those of which it
         *     holds most; name a collection to see the offers of another.
         */
        get: operations["listOffersReceived"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{address}/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Orders that an account has signed, newest first
         * @description Its listings and offers, whatever became of them.
         */
        get: operations["listAccountOrders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{address}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What an account holds
         * @description Tokens of both standards with quantities, by chain, collection and token id. An unknown account holds none.
         */
        get: operations["listAccountTokens"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/airdrops/prepare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prepare an airdrop
         * @description Calldata for the collection, once its contract is seen to accept this very airdrop from you: its owner, or who
         *     has been given its `MINTER_ROLE`. Price, window, wallet limit and allowlist do not apply; the maximum supply does.
         *
         *     One transaction gives to all or to none. What does not fit in the gas of a transaction is `call_reverted`: some 320
         *     new holders of an ERC-721 do.
         */
        post: operations["prepareAirdrop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/allowlists": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Publish an allowlist
         * @description Publish it before the collection that names its root. From then on each account that is on it finds its proof by
         *     itself. We keep hashes, so nobody can read the list here; whoever knows an address can ask for it. A list that no
         *     collection has named 30 days after it was published last is deleted.
         */
        post: operations["publishAllowlist"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals/prepare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prepare an approval, or its end
         * @description Calldata for the token's or the currency's contract, once it is seen to accept this very approval from you. Post
         *     what an order's finding names as the missing approval.
         *
         *     If it stands already, the answer is 200 with `satisfied`, and there is nothing to sign. An allowance stands only if
         *     it is exactly the amount, so that it can be lowered as well.
         */
        post: operations["prepareApprove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign out
         * @description Ends the session of this request. Its access and refresh tokens are invalid at once.
         */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/nonce": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a nonce
         * @description A nonce for one sign-in to this site. It is bound to the account and the chain that you give. Leave them out if
         *     the wallet connects and signs in one step: the sign-in then binds them. The answer does not tell whether an account
         *     has signed in before. Earlier nonces stay valid.
         */
        post: operations["issueNonce"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The next pair of tokens
         * @description The next pair of tokens. The given refresh token is used up. If it is used again, the session and all its tokens
         *     end, so a front end with several tabs lets one of them refresh.
         */
        post: operations["refreshSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your sessions
         * @description The caller's live sessions, newest first.
         */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/sessions/{sessionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End one of your sessions
         * @description Ends one of the caller's sessions. Its tokens are invalid at once.
         */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in
         * @description Tokens for a signed message. Only success uses up the nonce.
         */
        post: operations["verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cancellations/prepare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prepare a cancellation of orders
         * @description Calldata for Seaport, once it is seen to accept this very cancellation from you. Orders are cancelled for good,
         *     whether or not they can be filled now; an order of somebody else is `not_found`.
         *
         *     One transaction cancels all of its orders or none. `orderHashes` of the intent says which were. If all of them are
         *     cancelled already, the answer is 200 with `satisfied`, and there is nothing to sign.
         */
        post: operations["prepareCancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/chains": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Enabled chains, by number
         * @description Their currency, confirmations and our contracts on them.
         */
        get: operations["listChains"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Collections by age, volume, floor or size
         * @description Hidden collections are left out, here and in all routes below.
         */
        get: operations["listCollections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{chainId}/{contract}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One collection
         * @description The state of the contract at the last indexed block, and its metadata.
         */
        get: operations["getCollection"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{chainId}/{contract}/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happened in a collection, newest first
         * @description Mints, transfers, burns, listings, offers and sales, in the order of the chain.
         */
        get: operations["listCollectionActivity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{chainId}/{contract}/chart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sales of a collection by hour, day or week
         * @description A bar for each interval that had a sale. Volumes and prices leave out sales in currencies that do not compare,
         *     and those with an `exclusion`. Prices are taken from the newest 10,000 sales; a bar that begins before them has
         *     none.
         */
        get: operations["getChart"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{chainId}/{contract}/eligibility/{address}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether an allowlist has an account
         * @description The proof that the account brings to a mint. What else the mint asks for (its window, its limit) is in the
         *     collection's `mint`, and `POST /v1/mints/prepare` tries all of it.
         */
        get: operations["getEligibility"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{chainId}/{contract}/floor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The best prices of a collection
         * @description The cheapest listing, and the highest offer for any token; of those in currencies that compare with the chain's
         *     own.
         */
        get: operations["getFloor"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{chainId}/{contract}/holders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Holders of the tokens of a collection
         * @description One item for each token and account, by token id and account. `.../owners` adds them up.
         */
        get: operations["listHolders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{chainId}/{contract}/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Progress of the import of a collection
         * @description The blocks of its history that are read. `not_found` for a collection that was never imported, and in the first
         *     seconds of an import, while its first block is searched for.
         */
        get: operations["getImport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{chainId}/{contract}/offers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The depth of the offers for a collection
         * @description What is offered for any token of the collection: one item for each price, the highest first, with how many units
         *     are wanted at it. In currencies that compare with the chain's own. `GET /v1/orders?side=offer` lists the offers one
         *     by one.
         */
        get: operations["listOffers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{chainId}/{contract}/owners": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Owners of a collection, the largest first
         * @description One item for each account, with the number of its tokens and its share of the supply.
         */
        get: operations["listOwners"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{chainId}/{contract}/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Progress of reading the metadata of a collection
         * @description The running refresh, or the last one. A mint, an event or a request may have caused it.
         */
        get: operations["getCollectionRefresh"];
        put?: never;
        /**
         * Read the metadata of a collection again
         * @description Reads every token and the collection's own document, as fast as their servers allow. A request during a refresh
         *     joins it. A new refresh can be asked for once a minute: after the last one, or while all that is left of it waits
         *     for servers.
         */
        post: operations["refreshCollectionMetadata"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{chainId}/{contract}/sales": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sales of a collection, newest first
         * @description One item for each token that was sold in a transaction, also on other markets. Prices are those of all units.
         */
        get: operations["listSales"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{chainId}/{contract}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Counters of a collection
         * @description Items and owners at the last indexed block; floor and volumes at the last listing and sale.
         */
        get: operations["getStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{chainId}/{contract}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tokens of a collection, filtered and sorted
         * @description By token id by default. Burned tokens are included, and marked. For example
         *     `?trait=Background:Red&trait=Background:Blue&traitRange=Power:10..50&listed=true&sort=price`
         *     lists the red and the blue tokens of that power that are for sale, cheapest first. A page may be shorter than
         *     `limit` although the list continues: it ends when `nextCursor` is null.
         */
        get: operations["listTokens"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{chainId}/{contract}/tokens/{tokenId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One token
         * @description A token with its description, attributes, ranks and cheapest listing. The owner of an ERC-1155 token is null;
         *     `.../holders` lists its holders.
         */
        get: operations["getToken"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{chainId}/{contract}/tokens/{tokenId}/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happened to one token, newest first
         * @description Its transfers, listings, offers and sales.
         */
        get: operations["listTokenActivity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{chainId}/{contract}/tokens/{tokenId}/holders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Holders of one token
         * @description By account. One item for ERC-721, any number for ERC-1155.
         */
        get: operations["listTokenHolders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{chainId}/{contract}/tokens/{tokenId}/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a token is for sale for, or could be sold for
         * @description Active orders in currencies that compare with the chain's own, the best first. `GET /v1/orders` lists all that
         *     name the token, in any currency.
         */
        get: operations["listTokenOrders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{chainId}/{contract}/tokens/{tokenId}/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Progress of reading the metadata of a token
         * @description With the reason if it could not be read, also while another try is due.
         */
        get: operations["getTokenRefresh"];
        put?: never;
        /**
         * Read the metadata of a token again
         * @description Reads the token's document, at once if it waits for its server. A token can be asked for once a minute.
         *     `conflict` if an operator has excluded it from refreshes.
         */
        post: operations["refreshTokenMetadata"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{chainId}/{contract}/tokens/{tokenId}/transfers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Transfers of one token, newest first
         * @description Its mint, its transfers and its burn.
         */
        get: operations["listTransfers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{chainId}/{contract}/traits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Trait values of a collection
         * @description One item for each value of each trait, by name and value. Empty until metadata has been read.
         */
        get: operations["listTraits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import a collection that others have deployed
         * @description Any ERC-721 or ERC-1155 on a chain that we index. Its history is read from its first block, and then it is
         *     followed like our own. A request during an import joins it; after one that has failed it starts anew.
         */
        post: operations["importCollection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/prepare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prepare the creation of a collection
         * @description Calldata for the factory, with the exact address that the collection will have.
         *
         *     Without a `contractUri` of your own, description, pictures and link become the collection's document (ERC-7572) in
         *     our store. Whatever the calldata names of ours has been read back when this answers.
         */
        post: operations["prepareCollection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Events of a webhook, by number
         * @description What a receiver that finds a gap in its numbers asks for, whether it was delivered or not: the bodies, in order.
         *     They are kept for 30 days.
         */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/intents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your intents
         * @description Your own intents, newest first.
         */
        get: operations["listIntents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/intents/{intentId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One of your intents
         * @description Where the intent stands now. `confirmations` counts up while `step` is `confirming`.
         */
        get: operations["getIntent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/intents/{intentId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Watch an intent
         * @description The intent's steps as Server-Sent Events: those beyond `Last-Event-ID` (all without it), then live.
         *
         *     The stream closes when the access token expires; come back with a new one and `Last-Event-ID`. `EventSource` cannot
         *     send a token: read it with `fetch`, or open the WebSocket `/v1/intents/{intentId}/ws?after=<id>` with the two
         *     subprotocols `steadymint.v1` and `bearer.<accessToken>`; its messages are `{"id", "event", "data"}`.
         */
        get: operations["streamIntent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/intents/{intentId}/track": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Report the transaction of an intent
         * @description Report the hash that the wallet returned. It is followed to the end, through speed-ups and reorgs.
         *
         *     A hash the chain does not know yet is taken and checked when it appears. If it turns out to be another
         *     transaction's, the intent is `prepared` again, without a hash. Of a user 200 such hashes are followed at a time.
         *
         *     Without `track` the intent still becomes `ready` once its transaction is seen, only without the steps in between. An
         *     approval or a cancellation is the exception: it needs the report, which may come after the deadline.
         */
        post: operations["trackIntent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The signed-in user
         * @description Profile, preferences, counters and wallets.
         */
        get: operations["getMe"];
        put?: never;
        post?: never;
        /**
         * Delete your account
         * @description Ends all sessions and hides your profile at once. Until `deletesAt` you can take it back: sign in with
         *     `takeBackDeletion`. Then everything personal is erased.
         */
        delete: operations["deleteMe"];
        options?: never;
        head?: never;
        /**
         * Change the signed-in user's profile and preferences
         * @description Members that are left out stay, null clears one, unknown members are refused. All changes are made, or none.
         */
        patch: operations["patchMe"];
        trace?: never;
    };
    "/v1/me/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who may move what is yours
         * @description Operators for all tokens of a collection, accounts that may move one token, and allowances of currencies, of all
         *     your wallets. Events have told of them, and the chain is asked whether they stand. What does not is left out, so a
         *     page may be short and the list goes on at its cursor. `revoke` is the body that takes one back.
         */
        get: operations["listApprovals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/approvals/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who might move what is yours, and when
         * @description Every approval of your wallets and its end, as the chain has told them, newest first.
         */
        get: operations["listApprovalHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/blocks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whom you have blocked
         * @description Newest first.
         */
        get: operations["listBlocks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your newest export
         * @description Whether it is ready, and until when. Not found if you have not asked for one.
         */
        get: operations["getExport"];
        put?: never;
        /**
         * Ask for an export of your account
         * @description A zip file with everything that we hold of you. Whoever asks again within a day gets the same one.
         */
        post: operations["askForExport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/export/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download your newest export
         * @description Yours only, and only while it is `ready`.
         */
        get: operations["downloadExport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/security-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is recorded about your account's security
         * @description Newest first: refused sign-ins, reused refresh tokens, changes of wallets, limits that were reached, what
         *     operators have done to the account. Each is kept for a limited time.
         */
        get: operations["listSecurityEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/wallets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your wallets
         * @description Oldest first. A key has one entry for each chain on which it was proven; a contract is another wallet on each
         *     chain.
         */
        get: operations["listWallets"];
        put?: never;
        /**
         * Link a wallet
         * @description The wallet signs a message as for a sign-in, with a nonce of `POST /v1/me/wallets/nonce`. From then on it signs
         *     in as you. A wallet that is linked to another user stays there, unless you say `move` and it is not their primary
         *     one; both of you have it in the wallet's activity. Linking your own wallet again is no error.
         */
        post: operations["linkWallet"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/wallets/{address}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Unlink a wallet
         * @description Ends the wallet's links on all chains, and its sessions at once, this one too if the wallet has opened it. Your
         *     only wallet stays. If it is your primary one, the oldest other one takes its place. A later sign-in of the wallet is
         *     that of a new user. Unlinking twice is no error.
         */
        delete: operations["unlinkWallet"];
        options?: never;
        head?: never;
        /**
         * Label a wallet
         * @description Only you see the label.
         */
        patch: operations["labelWallet"];
        trace?: never;
    };
    "/v1/me/wallets/{address}/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was done with a wallet
         * @description Newest first, while the wallet was yours, also if it no longer is.
         */
        get: operations["listWalletActivity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/wallets/{address}/primary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Make a wallet your primary one
         * @description The address that others see of you. Doing it twice is no error.
         */
        put: operations["makePrimary"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/wallets/{address}/verifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How a wallet was proven to be yours
         * @description Newest first, while the wallet was yours, also if it no longer is.
         */
        get: operations["listWalletVerifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/wallets/nonce": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a nonce to link a wallet
         * @description A nonce for one link. Only you can use it, and nobody can sign in with it. `accountId` is the wallet that is to
         *     be linked. You must have signed in a short time ago, as for the link itself.
         */
        post: operations["issueLinkNonce"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/media": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your assets
         * @description Newest first, with the documents and directories that were written for you. `kind` selects one kind.
         */
        get: operations["listMedia"];
        put?: never;
        /**
         * Upload a picture
         * @description PNG, JPEG, GIF, WebP, AVIF or SVG (which becomes a PNG), as `multipart/form-data` with one field `file`.
         *
         *     The picture is decoded, the camera's metadata is removed, and the rest is stored by its content: 201, or 200 if you
         *     have uploaded it before. It can be used at once. Smaller renderings follow within seconds.
         */
        post: operations["uploadMedia"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/media/{mediaId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One of your assets
         * @description One asset that you own. Others are not found here, although their content is public.
         */
        get: operations["getMedia"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/metadata": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Publish the metadata of tokens
         * @description Writes a document for each token, and a directory of them that a collection can point at.
         *
         *     The body has either `tokens`, each with its own metadata, or a `template` for `count` tokens whose texts hold
         *     `{number}`. At most 5,000 tokens and 8 MiB; a larger set is built with `extends`. The same body always gives the
         *     same CIDs and the same `metadataSetId`. All documents can be read when this answers; before that the set does not
         *     exist.
         */
        post: operations["publishMetadata"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mints/prepare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prepare a mint
         * @description Calldata for the collection, once its contract is seen to accept this very mint: window, wallet limit, supply,
         *     allowlist and price. `txRequest.value` is the price in wei. Where the collection points at a metadata set of ours, a
         *     mint of more tokens than have documents there is `missing_metadata`.
         */
        post: operations["prepareMint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Orders, the newest first or by price
         * @description Listings and offers, whatever became of them. All filters must hold. A page may be shorter than `limit` although
         *     the list continues: it ends when `nextCursor` is null. Orders of hidden collections are left out, here and in all
         *     lists.
         */
        get: operations["listOrders"];
        put?: never;
        /**
         * Hand in a signed order
         * @description A listing or an offer of Seaport 1.6: for an item, any item of a collection, or any with a trait. It is checked
         *     against the chain and the rules of this market. `order_refused` has `findings` that say what is wrong. An order that
         *     cannot be filled now is taken as `inactive`, and its `findings` say what is missing. The same order again is the
         *     same order.
         */
        post: operations["handInOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{chainId}/{orderHash}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One order, ready to be filled
         * @description With what its maker signed and the signature, so that anybody can fill it, here or straight on Seaport. The chain
         *     is part of its name, because the same components have the same hash on every chain.
         */
        get: operations["getOrder"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/build": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Build orders to sign
         * @description The typed data for the maker's wallet, with the marketplace's fee and the collection's royalty filled in, and the
         *     approvals that are missing. Several orders are signed at once. Hand them in with the signature by `POST /v1/orders`,
         *     or by `POST /v1/orders/bulk` if there are several.
         */
        post: operations["buildOrders"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand in many orders
         * @description Up to 50 orders of one chain, each checked and answered by itself. They may share one signature, of what `build`
         *     answered for all of them.
         */
        post: operations["handInOrders"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow orders
         * @description Every change of an order as a Server-Sent Event: a new one, a fill, a cancellation, an end, or another reason why
         *     it cannot be filled. With `Last-Event-ID` the stream begins behind that event, else with what happens next. All
         *     filters must hold. No session is needed, so `EventSource` can read it.
         */
        get: operations["streamOrders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/purchases/prepare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prepare a purchase of listings
         * @description Calldata that buys those of the listings that can be filled now, once Seaport is seen to accept it from you.
         *     `missing` says which cannot, and why. One that is gone by the time of the transaction is skipped as well: `fills`
         *     of the intent says what was bought, `missedOrderHashes` what was not.
         *
         *     You pay `maxTotal` at most. If the listings cost more the answer is `price_moved`; if none can be filled,
         *     `orders_unavailable`. `steps` has an approval of the currency first, where one is missing.
         */
        post: operations["preparePurchase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rgbpp-issuances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prepare the issuance of a fungible token by RGB++
         * @description The transaction of Bitcoin to sign, and the one of CKB to which it commits. The same request gives the same pair.
         *
         *     Nothing is asked of either network: whether the output and the cells are unspent, their wallets know.
         */
        post: operations["prepareIssuance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rgbpp-issuances/{issuanceId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One issuance of yours
         * @description The pair as it was prepared. Somebody else's is `not_found`.
         */
        get: operations["getIssuance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sales/prepare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prepare the acceptance of an offer
         * @description Calldata that accepts the offer with your token, once Seaport is seen to accept it from you.
         *
         *     Seaport pays you the whole price and takes the fees of the offer back, so it needs an approval of the token, and of
         *     the currency if there are fees. `steps` has those first that are missing. An offer that cannot be filled is
         *     `orders_unavailable`; one that brings less than `minTotal`, `price_moved`.
         */
        post: operations["prepareSale"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find collections and tokens by name
         * @description All words must be in the name, in any order; case and accents do not matter. Collections with exactly this name
         *     come first, then verified ones, then by volume. There are no pages: ask for more words, or list a collection's
         *     tokens with `q`.
         */
        get: operations["search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Public settings of this marketplace
         * @description What an operator has set, and the defaults. A change is seen within a second. More may be added.
         */
        get: operations["getSettings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens-fungible": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Fungible tokens, the newest first
         * @description Tokens whose launch is confirmed. One that is on its way is an intent of the kind `launch`.
         */
        get: operations["listFungibleTokens"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens-fungible/{chainId}/{contract}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One fungible token
         * @description What it can do, how much of it there is, and how many hold it, at the last indexed block.
         */
        get: operations["getFungibleToken"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens-fungible/{chainId}/{contract}/holders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Holders of a fungible token, the largest first
         * @description The balances that the contract says at the last indexed block; equal ones by address.
         */
        get: operations["listFungibleHolders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens-fungible/{chainId}/{contract}/transactions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happened to a fungible token, newest first
         * @description Its launch, and each mint, transfer and burn, in the order of the chain. A transfer of nothing is left out:
         *     anybody can make one in anybody's name.
         */
        get: operations["listFungibleTransactions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens-fungible/prepare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prepare the launch of a fungible token
         * @description Calldata for the token factory, with the exact address that the ERC-20 token will have.
         *
         *     Description and icon become the token's document (ERC-7572) in our store, and the contract names it for ever.
         *     Nobody can freeze, take or tax what a holder owns.
         */
        post: operations["prepareLaunch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/usernames": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The names behind addresses
         * @description For a page that shows many accounts. An address is left out if nobody with a name shows it in their profile to
         *     you. A private profile shows none. A user who has blocked you shows you none.
         */
        get: operations["listUsernames"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Users by the beginning of their name
         * @description In alphabetical order, digits and `_` before the letters. Name and picture only, for every level of privacy.
         *     With a token, users who have blocked you are left out.
         */
        get: operations["searchUsers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{username}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One user
         * @description Everyone sees name and picture. The user's `privacyLevel` says who sees the rest: everyone, nobody, or those
         *     with whom the user follows each other. A user who has blocked you is not found.
         */
        get: operations["getUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{username}/block": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Block a user
         * @description From then on you are not found by the user, and neither of you follows the other. They are not told.
         */
        put: operations["blockUser"];
        post?: never;
        /**
         * Unblock a user
         * @description Follows do not come back. It is no error if the user was not blocked.
         */
        delete: operations["unblockUser"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{username}/follow": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Follow a user
         * @description Needs a username of your own, since others see who follows them. Following twice is no error.
         */
        put: operations["followUser"];
        post?: never;
        /**
         * Follow a user no longer
         * @description It is no error if you did not follow the user.
         */
        delete: operations["unfollowUser"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{username}/followers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who follows a user
         * @description Newest first. Not found if you may not see this of the user.
         */
        get: operations["listFollowers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{username}/following": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whom a user follows
         * @description Newest first. Not found if you may not see this of the user.
         */
        get: operations["listFollowing"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Your webhooks
         * @description Newest first, without their secrets.
         */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Subscribe to events
         * @description Your own intents, orders and tokens, from the next event on. The secret is shown this once. A user may have ten
         *     webhooks.
         */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhookId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One of your webhooks
         * @description Without its secret.
         */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /**
         * End a webhook
         * @description No further batch is sent from then on; requests under way end. Address and secrets are forgotten.
         */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        /**
         * Change, pause or resume a webhook
         * @description Members that are left out stay. Filters hold for the events that happen from then on.
         */
        patch: operations["changeWebhook"];
        trace?: never;
    };
    "/v1/webhooks/{webhookId}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What has come of a webhook's events
         * @description Newest first; with `status=dead` the dead letters. They are kept for 30 days.
         */
        get: operations["listWebhookDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhookId}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send events again
         * @description Under the numbers and ids that they have, in order, before newer ones. Those that wait to be sent stay as they
         *     are. One event: `first` and `last` are the same.
         */
        post: operations["replayWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhookId}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace a webhook's secret
         * @description The new secret. For 24 hours both sign, unless the old one is stolen. Asked again within them, the answer is the
         *     same secret: nothing is lost with a lost answer.
         */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhookId}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an event of no meaning
         * @description `webhook.test`, with the next number, on the way of all events: look at its delivery. Filters do not matter.
         */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    "auth.user_logged_in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * You have signed in
         * @description Signed as Standard Webhooks. Answer 2xx within 15 seconds; anything else is tried again.
         */
        post: operations["onAuthUserLoggedIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "collections.domain upserted": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A collection has changed
         * @description Signed as Standard Webhooks. Answer 2xx within 15 seconds; anything else is tried again.
         */
        post: operations["onCollectionsDomainUpserted"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "collections.events created": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A collection was created
         * @description Signed as Standard Webhooks. Answer 2xx within 15 seconds; anything else is tried again.
         */
        post: operations["onCollectionsEventsCreated"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "intents.events stepped": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * An intent has taken a step
         * @description Signed as Standard Webhooks. Answer 2xx within 15 seconds; anything else is tried again.
         */
        post: operations["onIntentsEventsStepped"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "mints.domain upserted": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Minted tokens are in the catalog
         * @description Signed as Standard Webhooks. Answer 2xx within 15 seconds; anything else is tried again.
         */
        post: operations["onMintsDomainUpserted"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "mints.events minted": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tokens were minted
         * @description Signed as Standard Webhooks. Answer 2xx within 15 seconds; anything else is tried again.
         */
        post: operations["onMintsEventsMinted"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "orders.events changed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * An order has changed
         * @description Signed as Standard Webhooks. Answer 2xx within 15 seconds; anything else is tried again.
         */
        post: operations["onOrdersEventsChanged"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "sales.events sold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tokens were sold
         * @description Signed as Standard Webhooks. Answer 2xx within 15 seconds; anything else is tried again.
         */
        post: operations["onSalesEventsSold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "tokens.events launched": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A fungible token was launched
         * @description Signed as Standard Webhooks. Answer 2xx within 15 seconds; anything else is tried again.
         */
        post: operations["onTokensEventsLaunched"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "transfers.events transferred": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tokens were transferred or burned
         * @description Signed as Standard Webhooks. Answer 2xx within 15 seconds; anything else is tried again.
         */
        post: operations["onTransfersEventsTransferred"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "wallet.linked": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * You have linked a wallet
         * @description Signed as Standard Webhooks. Answer 2xx within 15 seconds; anything else is tried again.
         */
        post: operations["onWalletLinked"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "wallet.primary_changed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Another wallet is your primary one
         * @description Signed as Standard Webhooks. Answer 2xx within 15 seconds; anything else is tried again.
         */
        post: operations["onWalletPrimaryChanged"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "wallet.unlinked": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A wallet is yours no longer
         * @description Signed as Standard Webhooks. Answer 2xx within 15 seconds; anything else is tried again.
         */
        post: operations["onWalletUnlinked"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "webhook.paused": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * We have paused a webhook of yours
         * @description Signed as Standard Webhooks. Answer 2xx within 15 seconds; anything else is tried again.
         */
        post: operations["onWebhookPaused"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "webhook.test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * You have asked for a test
         * @description Signed as Standard Webhooks. Answer 2xx within 15 seconds; anything else is tried again.
         */
        post: operations["onWebhookTest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        /** @description The portfolio of an account: what it holds, most first, and what it traded. */
        AccountBody: {
            /**
             * Format: address
             * @description EIP-55.
             */
            address: `0x${string}`;
            /** @description Collections of which it holds tokens. Counted up to 1000. */
            collectionCount: number;
            /** @description The first of `.../collections`. */
            collections: components["schemas"]["HeldCollectionBody"][];
            /** @description Units that it holds of those. */
            items: string;
            market: components["schemas"]["MarketBody"][];
        };
        /** @description An event of a token. A mint comes from the zero address, a burn goes to it. */
        ActivityBody: {
            /** @description 0 for an event that is not on chain. */
            blockNumber: number;
            /** @description CAIP-2. */
            chainId: string;
            contract: `0x${string}` | null;
            currency?: string;
            from: `0x${string}` | null;
            /** Format: uuid */
            id: string;
            logIndex: number;
            /** @description Its slug. Of a sale, a listing or an offer. */
            marketplace?: string;
            /** @description In `currency`. Of a sale it is that of all units together, else that of one. */
            price?: string;
            /** @description A sum of units, in decimal. It may pass 2^256. */
            quantity: string;
            /**
             * @description Why it does not fit what was so before it, or `not_approved`: `from` did not send it, and is not known to have allowed anybody to. Absent otherwise. A contract may emit any transfer: `from` has perhaps done nothing.
             * @enum {string}
             */
            suspicious?: "never_minted" | "not_the_owner" | "contradiction" | "not_approved";
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            timestamp: string;
            to: `0x${string}` | null;
            tokenId: string | null;
            txHash: `0x${string}` | null;
            /**
             * Format: address
             * @description Who sent the transaction. Of suspicious ones, and of those of imported collections that no approval explains; after some seconds.
             */
            txSender?: `0x${string}`;
            /** @enum {string} */
            type: "listed" | "offer" | "sale" | "transfer" | "mint" | "burn";
        };
        ActivityPage: {
            items: components["schemas"]["ActivityBody"][];
            /** @description Give it as `cursor` to read on; null on the last page. */
            nextCursor: string | null;
        };
        /** @description A published list. */
        AllowlistBody: {
            /** @description How many there are. */
            addresses: number;
            /**
             * Format: bytes32
             * @description For `mint.allowlistRoot` of a collection.
             */
            root: `0x${string}`;
        };
        ApprovalChangeBody: {
            /** @description Of a currency, in its smallest unit; from then on. */
            amount: string | null;
            /** @description False: the approval has ended. */
            approved: boolean;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            at: string;
            /**
             * @description `event`: the contract has announced it. The approval of one token also ends by a `transfer` of the token, and when it is `replaced` by another one.
             * @enum {string}
             */
            cause: "event" | "transfer" | "replaced";
            /** @description CAIP-2. */
            chainId: string;
            /**
             * Format: address
             * @description EIP-55.
             */
            contract: `0x${string}`;
            /**
             * Format: address
             * @description EIP-55.
             */
            operator: `0x${string}`;
            /** @enum {string} */
            standard: "erc20" | "erc721" | "erc1155";
            /** @description Of the approval of one token. */
            tokenId: string | null;
            /** Format: bytes32 */
            txHash: `0x${string}`;
            /**
             * Format: address
             * @description EIP-55.
             */
            wallet: `0x${string}`;
        };
        ApprovalHistoryPage: {
            items: components["schemas"]["ApprovalChangeBody"][];
            /** @description Give it as `cursor` to read on; null on the last page. */
            nextCursor: string | null;
        };
        /**
         * @description The call by which a maker gives an approval.
         * @enum {string}
         */
        ApprovalKind: "set_approval_for_all" | "erc721_approve" | "erc20_approve";
        AtStakeBody: {
            /** @description Units that the wallet has of the collection, or the one. */
            tokens: string;
            /** @description At the floor; null without one. */
            value: string | null;
        };
        /** @description One trait of one token, as its document has it, and how many tokens share it. */
        AttributeBody: {
            /** @enum {string} */
            displayType?: "number" | "boost_number" | "boost_percentage" | "date";
            /** @description In the native currency, in decimal. */
            floorPrice?: string;
            /** @description Share of the collection's tokens, 0 to 1. */
            frequency: number;
            /** @description A number; its digits as a text where a reader of JSON would round it. */
            maxValue?: number | string;
            occurrences: number;
            /** @description The trait's name. */
            traitType: string;
            /** @description As `POST /v1/metadata` takes it: a text, a number, or of a date the seconds since 1970. A number that a reader of JSON would round is a text with its digits. */
            value: string | number;
            /** @enum {string} */
            valueType: "string" | "number" | "date";
        };
        /** @description The sales of one interval. Prices are those of one unit, in the chain's own currency. */
        BarView: {
            /** @description The volume divided by the units that were sold. */
            average?: string;
            /** @description In the native currency, in decimal. */
            high?: string;
            /** @description In the native currency, in decimal. */
            low?: string;
            /** @description All of them, also those that are kept out of the volume. */
            sales: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            start: string;
            /** @description In the native currency, in decimal. */
            volume: string;
        };
        /** @description Orders of one maker, to be signed at once. */
        BuildBody: {
            chainId: string;
            /**
             * Format: address
             * @description Whose wallet signs
             */
            maker: `0x${string}`;
            orders: components["schemas"]["WishBody"][];
        };
        /** @description What the wallet signs and sends. */
        BuiltAnswer: {
            /** @description What is missing for the orders to be active. Each is a transaction. */
            approvals: components["schemas"]["NeededApproval"][];
            orders: components["schemas"]["BuiltOrderView"][];
            typedData: components["schemas"]["TypedDataView"];
        };
        /** @description An order that is not signed yet. */
        BuiltOrderView: {
            /** @description What would be wrong with it, apart from the signature. */
            findings: components["schemas"]["OrderFinding"][];
            /** @description To be handed in with the signature. */
            order: components["schemas"]["OrderBody"];
            /** Format: bytes32 */
            orderHash: `0x${string}`;
        };
        /** @description A live cell of CKB without type and data. */
        CellBody: {
            /** @description Shannons */
            capacity: string;
            index: number;
            /** Format: bytes32 */
            txHash: `0x${string}`;
        };
        /** @description A chain on which collections can be created. */
        ChainBody: {
            /** @description CAIP-2. */
            chainId: string;
            /** @description Depth at which a transaction counts; its block is the first. */
            confirmations: number;
            contracts: components["schemas"]["ChainContract"][];
            explorerUrl?: string;
            fees: components["schemas"]["SuggestedFees"];
            name: string;
            nativeCurrency: components["schemas"]["NativeCurrency"];
            /** @description EIP-155. */
            number: number;
            /** @description Of a local chain only: its node, which signs for everybody. */
            rpcUrl?: string;
        };
        /** @description A contract of ours. `factory` is the one that `POST /v1/collections/prepare` calls. */
        ChainContract: {
            /**
             * Format: address
             * @description EIP-55.
             */
            address: `0x${string}`;
            name: string;
            standard?: string;
            /** @description The first block that can hold logs of it. */
            startBlock: number;
        };
        ChainPage: {
            items: components["schemas"]["ChainBody"][];
            /** @description Give it as `cursor` to read on; null on the last page. */
            nextCursor: string | null;
        };
        /** @description What is to change. Members that are left out stay; null clears the description. */
        ChangeWebhookBody: {
            /** @description Accounts of which one must take part in an event; any if it is empty or left out */
            accounts?: `0x${string}`[];
            /** @description false pauses it; true sends what has waited, also after we have paused it */
            active?: boolean;
            /** @description Collections that events must be about; any if it is empty or left out */
            collections?: components["schemas"]["CollectionFilter"][];
            description?: string | null;
            /** @description Events to be told of; all if it is empty or left out */
            events?: components["schemas"]["EventName"][];
            url?: string;
        };
        /** @description Sales by interval, oldest first. An interval without sales has no bar. */
        ChartView: {
            interval: components["schemas"]["Interval"];
            items: components["schemas"]["BarView"][];
        };
        /**
         * @description What is wrong with an order.
         * @enum {string}
         */
        Code: "unsupported" | "unknown_collection" | "unknown_tokens" | "wrong_hash" | "bad_signature" | "unsigned" | "signature_not_accepted" | "wrong_counter" | "cancelled" | "filled" | "expired" | "not_yet_valid" | "amount_overflow" | "unknown_zone" | "zone_without_code" | "unknown_conduit" | "conduit_closed" | "not_owner" | "not_approved" | "insufficient_balance" | "insufficient_allowance" | "partly_covered" | "unknown_currency" | "missing_fee" | "missing_royalty" | "unknown_fee";
        /** @description A collection: what its contract says, and what its owner says about it. */
        CollectionBody: {
            /** @description Where a browser finds it: `https`, or our `/ipfs/` and an Arweave gateway for `ipfs://` and `ar://`. */
            bannerUrl?: string;
            baseUri?: string;
            /** @description CAIP-2. */
            chainId: string;
            /**
             * Format: address
             * @description EIP-55.
             */
            contract: `0x${string}`;
            contractUri?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            createdAt: string;
            creator: `0x${string}` | null;
            deployedBlock: number | null;
            deployedTxHash: `0x${string}` | null;
            description?: string;
            floorCurrency?: string;
            /** @description In the native currency, in decimal. */
            floorPrice?: string;
            /** @description Where a browser finds it: `https`, or our `/ipfs/` and an Arweave gateway for `ipfs://` and `ar://`. */
            imageUrl?: string;
            /** @enum {string} */
            indexStatus: "pending" | "syncing" | "synced" | "failed" | "halted";
            /** @description Tokens that exist. */
            items?: number;
            links: components["schemas"]["CollectionLinks"];
            /** @description Null for no limit. For ERC-1155 it counts per token id. */
            maxSupply: string | null;
            metadataFrozen: boolean;
            /** @description Null for a collection that is not of our making. */
            mint: components["schemas"]["MintRules"] | null;
            name: string;
            owner: `0x${string}` | null;
            /** @description Accounts that hold at least one. */
            owners?: number;
            paused: boolean;
            payoutAddress: `0x${string}` | null;
            /** @description EIP-2981 royalty in basis points. */
            royaltyBps: number | null;
            royaltyReceiver: `0x${string}` | null;
            /** @description Names the collection wherever its contract is taken. */
            slug: string;
            /** @enum {string} */
            standard: "erc721" | "erc1155";
            symbol: string | null;
            /** @description A sum of units, in decimal. It may pass 2^256. */
            totalMinted: string;
            /** @description Units that exist now: minted and not burned. */
            totalSupply: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            updatedAt: string;
            verified: boolean;
            /** @description In the native currency, in decimal. */
            volumeAll?: string;
        };
        /** @description What the factory's event says, too. */
        CollectionCreatedData: {
            blockNumber: number;
            /** @description CAIP-2. */
            chainId: string;
            /**
             * Format: address
             * @description Lower case.
             */
            contract: `0x${string}`;
            /**
             * Format: address
             * @description EIP-55.
             */
            creator: `0x${string}`;
            name: string;
            /**
             * Format: address
             * @description EIP-55.
             */
            owner: `0x${string}`;
            symbol: string;
            /** Format: bytes32 */
            txHash: `0x${string}`;
        } & {
            [key: string]: unknown;
        };
        CollectionCreatedMessage: {
            data: components["schemas"]["CollectionCreatedData"];
            /** @description `webhook-id`: the same each time it is sent. */
            id: string;
            /** @description 1, 2, 3 without a gap, of this webhook. */
            sequence: number;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @constant */
            type: "collections.events created";
        };
        /** @description A collection by chain, and by contract or slug. */
        CollectionFilter: {
            chainId: string;
            /** @description The contract, or the slug of the collection */
            contract: `0x${string}` | string;
        };
        CollectionLinks: {
            discord?: string;
            website?: string;
            x?: string;
        };
        CollectionName: {
            name: string;
            /** @description Names the collection wherever its contract is taken. */
            slug: string;
        };
        CollectionPage: {
            items: components["schemas"]["CollectionBody"][];
            /** @description Give it as `cursor` to read on; null on the last page. */
            nextCursor: string | null;
        };
        CollectionRefView: {
            /** @description CAIP-2. */
            chainId: string;
            /**
             * Format: address
             * @description EIP-55.
             */
            contract: `0x${string}`;
        };
        CollectionUpsertedData: {
            blockNumber: number;
            /** @description CAIP-2. */
            chainId: string;
            /** @description The name of the contract's event. */
            change: string;
            /**
             * Format: address
             * @description Lower case.
             */
            contract: `0x${string}`;
            /** Format: bytes32 */
            txHash: `0x${string}`;
        } & {
            [key: string]: unknown;
        };
        CollectionUpsertedMessage: {
            data: components["schemas"]["CollectionUpsertedData"];
            /** @description `webhook-id`: the same each time it is sent. */
            id: string;
            /** @description 1, 2, 3 without a gap, of this webhook. */
            sequence: number;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @constant */
            type: "collections.domain upserted";
        };
        /** @description What somebody receives. */
        ConsiderationItemBody: {
            endAmount: string;
            identifierOrCriteria: string;
            /** @description 0 native, 1 ERC-20, 2 ERC-721, 3 ERC-1155, 4 ERC-721 by criteria, 5 ERC-1155 by criteria */
            itemType: components["schemas"]["ItemType"];
            /** Format: address */
            recipient: `0x${string}`;
            startAmount: string;
            /** Format: address */
            token: `0x${string}`;
        };
        /** @description A new subscription. */
        CreateWebhookBody: {
            /** @description Accounts of which one must take part in an event; any if it is empty or left out */
            accounts?: `0x${string}`[];
            /** @description Collections that events must be about; any if it is empty or left out */
            collections?: components["schemas"]["CollectionFilter"][];
            description?: string | null;
            /** @description Events to be told of; all if it is empty or left out */
            events?: components["schemas"]["EventName"][];
            url: string;
        };
        /** @description What an order or a sale is paid in. */
        CurrencyView: {
            /** @description Null for the chain's own currency. */
            address: `0x${string}` | null;
            symbol: string;
        };
        /** @description A deletion that was asked for. */
        DeletionBody: {
            /**
             * Format: date-time
             * @description Until then a sign-in with `takeBackDeletion` opens it again.
             */
            deletesAt: string;
        };
        DeliveryPage: {
            items: components["schemas"]["DeliveryView"][];
            nextCursor: string | null;
        };
        /** @enum {string} */
        DeliveryStatus: "pending" | "delivered" | "dead";
        /** @description One event for one webhook, and what has come of it. */
        DeliveryView: {
            attempts: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            createdAt: string;
            deliveredAt: string | null;
            /** @description Of the last try: `refused`, `timeout`, `unreachable`, `forbidden_host`, and others. */
            error: string | null;
            /** @description `webhook-id`. */
            id: string;
            nextAttemptAt: string | null;
            /** @description Of the last try. */
            responseStatus: number | null;
            sequence: number;
            status: components["schemas"]["DeliveryStatus"];
            type: components["schemas"]["EventName"];
        };
        /** @description The answer of one dependency. */
        Dependency: {
            /** @description Milliseconds that the check took. */
            latencyMs: number;
            /** @enum {string} */
            status: "ok" | "timeout" | "unavailable";
        };
        DepthPage: {
            items: components["schemas"]["LevelView"][];
            /** @description Give it as `cursor` to read on; null on the last page. */
            nextCursor: string | null;
        };
        /** @description Whether a collection's allowlist has an account. */
        EligibilityBody: {
            /**
             * @description `none`: everybody may mint. `unpublished`: there is a list, and its creator has not published it here; whoever is on it brings a proof of their own.
             * @enum {string}
             */
            allowlist: "none" | "listed" | "not_listed" | "unpublished";
            /** @description `proof` of a mint. Empty unless `listed`, and for a list of one. */
            proof: `0x${string}`[];
        };
        /**
         * @description What a receiver is told of: the exchanges and routing keys of the specification.
         * @enum {string}
         */
        EventName: "auth.user_logged_in" | "wallet.linked" | "wallet.unlinked" | "wallet.primary_changed" | "collections.events created" | "collections.domain upserted" | "mints.events minted" | "mints.domain upserted" | "orders.events changed" | "transfers.events transferred" | "sales.events sold" | "tokens.events launched" | "intents.events stepped" | "webhook.paused" | "webhook.test";
        EventPage: {
            items: components["schemas"]["EventView"][];
            /** @description The number of the webhook's last event: if it is higher, ask for more. */
            lastSequence: number;
        };
        /**
         * @description What may be recorded. A type that is not listed here does not exist.
         * @enum {string}
         */
        EventType: "auth.sign_in_refused" | "auth.refresh_token_reused" | "wallets.linked" | "wallets.link_refused" | "wallets.moved" | "wallets.unlinked" | "wallets.primary_changed" | "users.status_changed" | "users.deletion_asked" | "users.deletion_taken_back" | "users.deleted" | "users.export_asked" | "webhook.paused" | "webhook.changed" | "catalog.token_flagged" | "catalog.collection_flagged" | "roles.changed" | "operators.intent" | "operators.webhook" | "operators.chain_registered" | "settings.changed" | "limits.exceeded" | "documents.upload_refused" | "documents.refused";
        /** @description An event as the webhook got it, or will get it. `webhooks` of this document has the shape of each type. */
        EventView: {
            data: {
                [key: string]: unknown;
            };
            id: string;
            sequence: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            timestamp: string;
            type: components["schemas"]["EventName"];
        };
        /** @description The newest export. */
        ExportBody: {
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            askedAt: string;
            bytes?: number;
            /** @description Where it is while it is `ready`. Ask with your token. */
            downloadUrl?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            expiresAt?: string;
            /** Format: uuid */
            exportId: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            readyAt?: string;
            /** @enum {string} */
            status: "preparing" | "ready" | "expired";
        };
        /**
         * @description Why an order is none that the market takes.
         * @enum {string}
         */
        Fault: "contract_order" | "tokens" | "currencies" | "native_offer" | "listing_by_criteria" | "unused_parameters" | "quantity" | "zero_amount" | "times" | "not_divisible" | "fees_exceed_price";
        /**
         * @description Go through `steps` in their order. Leave out a step whose status is `ready`. Else hand its `txRequest` to the
         *     wallet, report the hash to `track` of its `intentId`, and wait until that intent is `ready`. The last step is this
         *     intent itself, the same as `intentId` and `txRequest`.
         */
        FillAnswer: {
            /** @description Left out for the chain's own currency */
            currency?: `0x${string}` | null;
            currencySymbol: string;
            /** Format: date-time */
            deadlineAt: string;
            /** Format: uuid */
            intentId: string;
            kind: components["schemas"]["IntentKind"];
            /** @description The most that it can cost, or the least that it can bring */
            limit: string;
            limitAmount: string;
            /** @description The orders that were asked for and cannot be filled now */
            missing: components["schemas"]["MissingOrder"][];
            /** @description The orders that the transaction fills */
            orders: components["schemas"]["PlannedOrder"][];
            /** @description Where the new contract will be. Exact. */
            previewAddress?: `0x${string}` | null;
            /** @description Whether this very transaction was tried and accepted. False if an approval comes first and the chain's node cannot try both together. Prepare again once it is given, to have it tried */
            simulated: boolean;
            status: components["schemas"]["IntentStatus"];
            steps: components["schemas"]["PreparedStep"][];
            /** @description What it costs, or brings after fees, in whole units of the currency, if it is mined now */
            total: string;
            /** @description The same in the currency's smallest unit */
            totalAmount: string;
            txRequest: components["schemas"]["TxRequest"];
        };
        /** @description Units of one token that changed hands because an order was filled. */
        FilledOrder: {
            /** Format: address */
            contract: `0x${string}`;
            /** @description Left out for the chain's own currency */
            currency?: `0x${string}` | null;
            currencySymbol: string;
            /** Format: bytes32 */
            orderHash: `0x${string}`;
            /** @description What the buyer paid for all of them, fees included, in whole units of the currency. Left out for a currency that is not registered */
            price?: string | null;
            /** @description The same in the currency's smallest unit; it may pass 2^256 */
            priceAmount: string;
            /** @description What of it the seller got; it may pass 2^256 */
            proceedsAmount: string;
            /** @description Units of the token; a sum, which may pass 2^256 */
            quantity: string;
            tokenId: string;
        };
        /** @description The best prices of a collection, in the chain's own currency or its wrapped forms. */
        FloorView: {
            /** @description Tokens that are for sale. */
            listed: number;
            /** @description The cheapest. Absent if nothing is listed. */
            listing?: components["schemas"]["ListedOrderView"];
            /** @description The highest for any token. Absent if there is none. */
            offer?: components["schemas"]["ListedOrderView"];
        };
        /** @description A token whose name has all words of the search. */
        FoundTokenBody: {
            /** @description As the metadata document names it. */
            animationUri?: string;
            /** @description Where a browser finds it: `https`, or our `/ipfs/` and an Arweave gateway for `ipfs://` and `ar://`. */
            animationUrl?: string;
            burned: boolean;
            /** @description CAIP-2. */
            chainId: string;
            collection: components["schemas"]["CollectionName"];
            /**
             * Format: address
             * @description EIP-55.
             */
            contract: `0x${string}`;
            currency?: string;
            /** @description What an operator says of it; left out if nothing. */
            flags?: ("spam" | "nsfw" | "frozen" | "flagged")[];
            /** @description As the metadata document names it. */
            imageUri?: string;
            /** @description Where a browser finds it: `https`, or our `/ipfs/` and an Arweave gateway for `ipfs://` and `ar://`. */
            imageUrl?: string;
            /** @description Units that the cheapest listing sells together only. Left out if one may be bought. */
            lotSize?: string;
            /**
             * @description Left out until the document was first read.
             * @enum {string}
             */
            metadataStatus?: "ok" | "failed";
            /** @description What the contract names, as it names it. */
            metadataUrl?: string;
            mintedAt: string | null;
            mintedBlock: number | null;
            name?: string;
            /** @description EIP-55. Null for ERC-1155, and for a burned token. */
            owner: `0x${string}` | null;
            /** @description Of one unit, by the cheapest listing. */
            price?: string;
            /** @description By OpenRarity; 1 is the rarest. */
            rank?: number;
            /** @enum {string} */
            standard: "erc721" | "erc1155";
            /** @description Units that exist now. */
            supply: string;
            /** @description An integer below 2^256, in decimal. */
            tokenId: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            updatedAt: string;
        };
        /** @description A fungible token. Amounts are in its smallest unit: 10^decimals of them are one token. */
        FungibleBody: {
            blockNumber: number;
            burnable: boolean;
            /** @description The supply is never above it; null: no cap. */
            cap: string | null;
            /** @description CAIP-2. */
            chainId: string;
            /**
             * Format: address
             * @description EIP-55.
             */
            contract: `0x${string}`;
            /** @description Its document, ERC-7572. It never changes. */
            contractUri?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            createdAt: string;
            /**
             * Format: address
             * @description EIP-55.
             */
            creator: `0x${string}`;
            decimals: number;
            description?: string;
            /** @description Accounts that hold some of it. */
            holders: number;
            /** @description Where a browser finds it: `https`, or our `/ipfs/` and an Arweave gateway for `ipfs://` and `ar://`. */
            iconUrl?: string;
            /** @description Nobody ever mints more, and the token has no owner. */
            mintOnce: boolean;
            /** @description Anybody may give a token any name: the contract is what it is. */
            name: string;
            /** @description Approvals by signature, EIP-2612. */
            permit: boolean;
            /** @description All that exists now. */
            supply: string;
            symbol: string;
            transactions: number;
            /**
             * Format: bytes32
             * @description Of its launch.
             */
            txHash: `0x${string}`;
        };
        /** @description What an account holds. */
        FungibleHolderBody: {
            /**
             * Format: address
             * @description EIP-55.
             */
            address: `0x${string}`;
            /** @description An integer below 2^256, in decimal. */
            balance: string;
        };
        FungibleHolderPage: {
            items: components["schemas"]["FungibleHolderBody"][];
            /** @description Give it as `cursor` to read on; null on the last page. */
            nextCursor: string | null;
        };
        FungiblePage: {
            items: components["schemas"]["FungibleBody"][];
            /** @description Give it as `cursor` to read on; null on the last page. */
            nextCursor: string | null;
        };
        /**
         * @description What happened to a token. A mint comes from nobody, a burn goes to nobody; `create` tells of the launch, whose
         *     supply is minted by the log after it.
         */
        FungibleTransactionBody: {
            /** @description An integer below 2^256, in decimal. */
            amount: string;
            blockNumber: number;
            from: `0x${string}` | null;
            logIndex: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            timestamp: string;
            to: `0x${string}` | null;
            /** Format: bytes32 */
            txHash: `0x${string}`;
            /** @enum {string} */
            type: "create" | "mint" | "transfer" | "burn";
        };
        FungibleTransactionPage: {
            items: components["schemas"]["FungibleTransactionBody"][];
            /** @description Give it as `cursor` to read on; null on the last page. */
            nextCursor: string | null;
        };
        /** @description One signed order. */
        HandInBody: {
            chainId: string;
            order: components["schemas"]["OrderBody"];
            /** @description The hash of the order. If it is given, it must be that of `order` */
            orderHash?: `0x${string}` | null;
            /**
             * Format: bytes
             * @description By the maker's key (65 or 64 bytes), in a bulk tree, or what the maker's contract takes. Left out for an order that its maker has validated on chain
             */
            signature?: `0x${string}`;
            /** @description Of a trait offer: the tokens that it takes */
            tokens?: string[];
            /** @description Of a trait offer, instead of `tokens`: of each trait the values of which a token needs one, by what the catalog says now */
            traits?: {
                [key: string]: string[];
            };
        };
        /** @description Signed orders of one chain. */
        HandInManyBody: {
            chainId: string;
            orders: components["schemas"]["SignedOrderBody"][];
            /** @description The one signature of exactly these orders in this order, as the wallet made it of what `build` answered. Left out where each order has its own */
            signature?: `0x${string}` | null;
        };
        Health: {
            /**
             * @default ok
             * @constant
             */
            status: "ok";
        };
        /** @description A collection with the units that the account holds. */
        HeldCollectionBody: {
            /** @description CAIP-2. */
            chainId: string;
            /**
             * Format: address
             * @description EIP-55.
             */
            contract: `0x${string}`;
            floorCurrency?: string;
            /** @description In the native currency, in decimal. */
            floorPrice?: string;
            /** @description Where a browser finds it: `https`, or our `/ipfs/` and an Arweave gateway for `ipfs://` and `ar://`. */
            imageUrl?: string;
            name: string;
            /** @description A sum of units, in decimal. It may pass 2^256. */
            quantity: string;
            /** @description Names the collection wherever its contract is taken. */
            slug: string;
            /** @enum {string} */
            standard: "erc721" | "erc1155";
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            updatedAt: string;
            verified: boolean;
        };
        HeldCollectionPage: {
            items: components["schemas"]["HeldCollectionBody"][];
            /** @description Give it as `cursor` to read on; null on the last page. */
            nextCursor: string | null;
        };
        /** @description A token with the units that the account holds. */
        HeldTokenBody: {
            /** @description As the metadata document names it. */
            animationUri?: string;
            /** @description Where a browser finds it: `https`, or our `/ipfs/` and an Arweave gateway for `ipfs://` and `ar://`. */
            animationUrl?: string;
            burned: boolean;
            /** @description CAIP-2. */
            chainId: string;
            collection: components["schemas"]["CollectionName"];
            /**
             * Format: address
             * @description EIP-55.
             */
            contract: `0x${string}`;
            currency?: string;
            /** @description What an operator says of it; left out if nothing. */
            flags?: ("spam" | "nsfw" | "frozen" | "flagged")[];
            /** @description As the metadata document names it. */
            imageUri?: string;
            /** @description Where a browser finds it: `https`, or our `/ipfs/` and an Arweave gateway for `ipfs://` and `ar://`. */
            imageUrl?: string;
            /** @description Units that the cheapest listing sells together only. Left out if one may be bought. */
            lotSize?: string;
            /**
             * @description Left out until the document was first read.
             * @enum {string}
             */
            metadataStatus?: "ok" | "failed";
            /** @description What the contract names, as it names it. */
            metadataUrl?: string;
            mintedAt: string | null;
            mintedBlock: number | null;
            name?: string;
            /** @description EIP-55. Null for ERC-1155, and for a burned token. */
            owner: `0x${string}` | null;
            /** @description Of one unit, by the cheapest listing. */
            price?: string;
            /** @description A sum of units, in decimal. It may pass 2^256. */
            quantity: string;
            /** @description By OpenRarity; 1 is the rarest. */
            rank?: number;
            /** @enum {string} */
            standard: "erc721" | "erc1155";
            /** @description Units that exist now. */
            supply: string;
            /** @description An integer below 2^256, in decimal. */
            tokenId: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            updatedAt: string;
        };
        HeldTokenPage: {
            items: components["schemas"]["HeldTokenBody"][];
            /** @description Give it as `cursor` to read on; null on the last page. */
            nextCursor: string | null;
        };
        /** @description How much of one token one account holds. */
        HolderBody: {
            /**
             * Format: address
             * @description EIP-55.
             */
            owner: `0x${string}`;
            /** @description A sum of units, in decimal. It may pass 2^256. */
            quantity: string;
            /** @description An integer below 2^256, in decimal. */
            tokenId: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            updatedAt: string;
        };
        HolderPage: {
            items: components["schemas"]["HolderBody"][];
            /** @description Give it as `cursor` to read on; null on the last page. */
            nextCursor: string | null;
        };
        /** @description How far the import is. */
        ImportAnswer: {
            blocksDone: number;
            /** @description As of the last look; the chain grows on. */
            blocksTotal: number;
            /** @description CAIP-2. */
            chainId: string;
            /**
             * Format: address
             * @description EIP-55.
             */
            contract: `0x${string}`;
            /** @description Transfer events of the contract that have no form of the standards. */
            eventsNotUnderstood: number;
            name?: string;
            /** @description Why it does not get on, why it has failed, or what of it was left out. */
            note?: string;
            /** @enum {string} */
            standard?: "erc721" | "erc1155";
            /**
             * @description `checking` until its first block is found; `done` once it is followed like our own; `failed` if nothing of what it says is understood.
             * @enum {string}
             */
            status: "checking" | "due" | "running" | "done" | "failed";
        };
        /** @description Which contract. */
        ImportBody: {
            chainId: string;
            /** @description The contract, or the slug of a collection whose import is known */
            contract: `0x${string}` | string;
        };
        /** @description Why an intent has ended without being fulfilled. */
        IntentError: {
            /** @description Of that error, by name */
            arguments?: {
                [key: string]: string;
            };
            /** @description `call_reverted`, `transaction_mismatch` (it succeeded and did something else), `replaced` (its nonce went to another call), `deadline_passed`, or `cancelled` (by an operator) */
            code: components["schemas"]["IntentErrorCode"];
            detail: string;
            /** @description With `call_reverted`: the name of the contract's error */
            reason?: string;
        };
        /**
         * @description Why an intent ended without being fulfilled.
         * @enum {string}
         */
        IntentErrorCode: "call_reverted" | "transaction_mismatch" | "replaced" | "deadline_passed" | "cancelled";
        /**
         * @description The names. An id of a workflow begins with one, and `/v1/intents?kind=` takes them.
         * @enum {string}
         */
        IntentKind: "collection" | "mint" | "airdrop" | "approve" | "cancel" | "purchase" | "sale" | "launch";
        IntentPage: {
            items: components["schemas"]["IntentView"][];
            /** @description Pass it as `cursor` for the next page; null on the last one. */
            nextCursor: string | null;
        };
        /**
         * @description What a client acts upon.
         * @enum {string}
         */
        IntentStatus: "pending" | "ready" | "failed" | "expired";
        IntentSteppedData: {
            /**
             * Format: address
             * @description EIP-55.
             */
            account: `0x${string}`;
            intent: components["schemas"]["IntentView"];
            /** @description The number of the step in the intent's log. */
            seq: number;
            /** Format: uuid */
            userId: string;
        } & {
            [key: string]: unknown;
        };
        IntentSteppedMessage: {
            data: components["schemas"]["IntentSteppedData"];
            /** @description `webhook-id`: the same each time it is sent. */
            id: string;
            /** @description 1, 2, 3 without a gap, of this webhook. */
            sequence: number;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @constant */
            type: "intents.events stepped";
        };
        /** @description An intent, the same in `GET`, SSE and WebSocket. Absent members are left out. */
        IntentView: {
            chainId: string;
            /** @description Blocks on top of and including the one that holds the transaction, at most `requiredConfirmations`. */
            confirmations?: number;
            /**
             * Format: address
             * @description The collection that it is about, or that it makes, from the start; else the contract that is called: a currency or Seaport.
             */
            contract?: `0x${string}`;
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description Until when the transaction is waited for.
             */
            deadlineAt: string;
            /** @description Why it failed or expired. */
            error?: components["schemas"]["IntentError"];
            /** @description Of a purchase or a sale that is ready: what was bought or sold, and at which price. */
            fills?: components["schemas"]["FilledOrder"][];
            /** Format: uuid */
            intentId: string;
            kind: components["schemas"]["IntentKind"];
            /** @description Of the orders that were asked for, those that are not cancelled or filled: gone when it was prepared, and once it is ready, also those that the transaction has missed. */
            missedOrderHashes?: `0x${string}`[];
            /** @description The orders that are to be cancelled or filled; once it is ready, those that were. */
            orderHashes?: `0x${string}`[];
            requiredConfirmations?: number;
            status: components["schemas"]["IntentStatus"];
            step: components["schemas"]["Step"];
            /** @description What was minted, once that is known. */
            tokenIds?: string[];
            /** Format: bytes32 */
            txHash?: `0x${string}`;
            /** Format: date-time */
            updatedAt: string;
            workflowId: string;
        };
        /**
         * @description The width of a bar of a chart.
         * @enum {string}
         */
        Interval: "1h" | "1d" | "1w";
        /** @description Two unsigned transactions. Sign the one of Bitcoin; the other one follows once a block has it. */
        IssuanceAnswer: {
            /** @description Known before anybody signs: the output spent is one of SegWit. */
            btcTxid: string;
            /** @description As the JSON-RPC of CKB has it, without witnesses: they prove the block of Bitcoin. */
            ckbTransaction: {
                [key: string]: unknown;
            };
            /** Format: bytes32 */
            ckbTxHash: `0x${string}`;
            /** @description What output 0 of the transaction of Bitcoin carries */
            commitment: string;
            contractUri?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            createdAt: string;
            decimals: number;
            description?: string;
            /** @description Where a browser finds it: `https`, or our `/ipfs/` and an Arweave gateway for `ipfs://` and `ar://`. */
            iconUrl?: string;
            /** Format: uuid */
            issuanceId: string;
            name: string;
            networkId: components["schemas"]["RgbppNetwork"];
            /** @description BIP 174, base64 */
            psbt: string;
            /**
             * @description We ask no node of these networks, so that nothing is called confirmed.
             * @constant
             */
            status: "prepared";
            /** @description An integer below 2^256, in decimal. */
            supply: string;
            symbol: string;
        };
        IssuanceBody: {
            /** @description All cells that the output owns. They pay for the room of the token. */
            cells: components["schemas"]["CellBody"][];
            decimals: number;
            description?: string | null;
            /** @description Satoshis for a virtual byte */
            feeRate: number;
            iconMediaId?: string | null;
            name: string;
            networkId: components["schemas"]["RgbppNetwork"];
            /** @description Owns the cells, and pays for the transaction of Bitcoin */
            seal: components["schemas"]["SealBody"];
            /** @description In the smallest unit, below 2^128 */
            supply: string;
            symbol: string;
        };
        /**
         * @description What an item of an order is.
         * @enum {integer}
         */
        ItemType: 0 | 1 | 2 | 3 | 4 | 5;
        /** @description All active offers for any token of the collection at one price. */
        LevelView: {
            makers: number;
            /** @description At most 2,000 are counted. */
            offers: number;
            /** @description Of one unit, in the chain's own currency or its wrapped form. */
            price: string;
            /** @description Units that are wanted at this price. */
            quantity: string;
        };
        /**
         * @description The proof of the wallet that is to be linked: a message as for a sign-in, with a nonce of
         *     `POST /v1/me/wallets/nonce`.
         */
        LinkBody: {
            /** Format: address */
            accountId: `0x${string}`;
            /** @description The EIP-4361 message, byte for byte as it was signed: at most 16,384 ASCII characters, lines ending in LF, the address in EIP-55 casing. */
            message: string;
            /**
             * @description Whether the wallet may be taken from another user. Nobody's primary wallet can be.
             * @default false
             */
            move: boolean;
            /**
             * Format: bytes
             * @description `0x` and hex digits: 65 bytes (EIP-191) or 64 (EIP-2098) of a key, or up to 8,192 bytes for a contract wallet (EIP-1271, EIP-6492).
             */
            signature: `0x${string}`;
        };
        /** @description An order of the market, without what its maker signed. */
        ListedOrderView: {
            /** @description CAIP-2. */
            chainId: string;
            /**
             * Format: date-time
             * @description When its status was last looked at.
             */
            checkedAt: string;
            /**
             * Format: address
             * @description EIP-55.
             */
            contract: `0x${string}`;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            createdAt: string;
            /** Format: date-time */
            endAt?: string;
            /** @description The price at the end, in the smallest unit, if it moves with time. */
            endPriceRaw?: string;
            /** @description What the marketplace gets, in basis points. */
            feeBps: number;
            /** @description Units that can be filled now. */
            fillable: string;
            /** @description An integer below 2^256, in decimal. */
            filled: string;
            /** @description Whether it may be filled in parts. */
            inParts: boolean;
            /**
             * Format: address
             * @description EIP-55.
             */
            maker: `0x${string}`;
            /** Format: bytes32 */
            orderHash: `0x${string}`;
            price: components["schemas"]["PriceView"];
            /** @description An integer below 2^256, in decimal. */
            quantity: string;
            /** @description Why it is `inactive`: codes of findings. */
            reasons: components["schemas"]["Code"][];
            royaltyBps: number;
            side: components["schemas"]["Side"];
            standard: components["schemas"]["Standard"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            startAt: string;
            /** @description `active` can be filled now. */
            status: components["schemas"]["OrderStatus"];
            /** @description Not of an offer on any token, or any of a set. */
            tokenId?: string;
            /** @description What the tokens of a trait offer have in common. */
            traits?: {
                [key: string]: string[];
            };
        };
        /** @description The cheapest listing of a token. */
        ListingBody: {
            currency: string;
            expiresAt: string | null;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            listedAt: string;
            /** @description In the native currency, in decimal. */
            price: string;
        };
        LoggedInData: {
            /**
             * Format: address
             * @description EIP-55.
             */
            address: `0x${string}`;
            /** @description CAIP-2. */
            chainId: string;
            /** Format: uuid */
            sessionId: string;
            /** Format: uuid */
            userId: string;
        } & {
            [key: string]: unknown;
        };
        /** @description An account's trades on one chain, in its native currency. */
        MarketBody: {
            /** @description CAIP-2. */
            chainId: string;
            listings: number;
            purchases: number;
            sales: number;
            /** @description In the native currency, in decimal. */
            volumePurchased: string;
            /** @description In the native currency, in decimal. */
            volumeSold: string;
        };
        /** @description The signed-in user. Members without a value are null. */
        MeBody: {
            avatarId: string | null;
            avatarUrl: string | null;
            bannerId: string | null;
            bannerUrl: string | null;
            bio: string | null;
            displayName: string | null;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            joinedAt: string;
            locale: string | null;
            preferences: components["schemas"]["PreferencesBody"];
            socials: components["schemas"]["SocialsBody"];
            stats: components["schemas"]["UserStatsBody"];
            timezone: string | null;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            updatedAt: string;
            /** Format: uuid */
            userId: string;
            username: string | null;
            /** @description When another new name may be taken; null if you never changed yours. */
            usernameChangeableAt: string | null;
            wallets: components["schemas"]["WalletBody"][];
        };
        /** @description The body of `PATCH /v1/me`. Members that are left out stay, null clears one, unknown members are refused. */
        MeChange: {
            /** @description The id of a picture that you have uploaded. */
            avatarId?: string | null;
            /** @description As `avatarId`. */
            bannerId?: string | null;
            /** @description At most 500 characters */
            bio?: string | null;
            /** @description At most 50 characters */
            displayName?: string | null;
            /** @description BCP 47 */
            locale?: string | null;
            preferences?: components["schemas"]["PreferencesChange"];
            socials?: components["schemas"]["Socials"];
            /** @description IANA name */
            timezone?: string | null;
            /** @description 3 to 30 letters, digits and underscores of ASCII. Unique among names that look alike; some are reserved, and none begins with `0x`. One new name in 30 days; the old one is kept for you that long. */
            username?: string;
        };
        /** @description One asset of yours. */
        MediaBody: {
            /** @description Of the stored file, from which the camera's metadata is removed. */
            bytes: number;
            /** @description As `ipfs add --cid-version=1` computes it. */
            cid: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            createdAt: string;
            frames: number;
            height?: number;
            ipfsUrl: string;
            /**
             * @description `animation` has more than one frame; `document` is JSON; `directory` names others.
             * @enum {string}
             */
            kind: "image" | "animation" | "document" | "directory";
            /** @description SHA-256 of the stored bytes. The same picture has the same id for every user. */
            mediaId: string;
            /** @description By the bytes, not by what the upload declared. */
            mime: string;
            /** @description Perceptual hash, 16 hex digits. Pictures that look alike differ in few bits. */
            phash?: string;
            /** @description Other services that keep it on IPFS. */
            pins: string[];
            /**
             * @description `processing` until the variants are made, `failed` if none could be. The original is served and may be used in every status.
             * @enum {string}
             */
            status: "processing" | "ready" | "failed";
            /** @description Its content. For a directory: the prefix of its files' URLs; the URL itself is a 404. */
            url: string;
            /** @description Narrowest first; none is wider than the original. */
            variants: components["schemas"]["VariantBody"][];
            /** @description Pixels, upright. */
            width?: number;
        };
        MediaPageBody: {
            items: components["schemas"]["MediaBody"][];
            /** @description Give it as `cursor` to read on; null on the last page. */
            nextCursor: string | null;
        };
        /** @description A published set. `metadataSetId`, or `baseUri` as it is, goes into `POST /v1/collections/prepare`. */
        MetadataSetAnswer: {
            baseUri: string;
            cid: string;
            /** @description Tokens in the set, with those of the set that it extends */
            count: number;
            metadataSetId: string;
            /** @description The first three of the request */
            sample: components["schemas"]["SampleToken"][];
            standard: components["schemas"]["Standard"];
        };
        /** @description What one transaction has minted to one account: at most 100 tokens. Of more there are several events. */
        MintedData: {
            blockNumber: number;
            /** @description CAIP-2. */
            chainId: string;
            /**
             * Format: address
             * @description Lower case.
             */
            contract: `0x${string}`;
            quantities: string[];
            standard: string;
            /**
             * Format: address
             * @description EIP-55.
             */
            to: `0x${string}`;
            tokenIds: string[];
            /** Format: bytes32 */
            txHash: `0x${string}`;
        } & {
            [key: string]: unknown;
        };
        MintedMessage: {
            data: components["schemas"]["MintedData"];
            /** @description `webhook-id`: the same each time it is sent. */
            id: string;
            /** @description 1, 2, 3 without a gap, of this webhook. */
            sequence: number;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @constant */
            type: "mints.events minted";
        };
        MintItemBody: {
            quantity: string;
            tokenId: string;
        };
        /** @description The rules of the contract's public mint. Null means none: no limit, at once, without end, everybody. */
        MintRules: {
            /** @description Merkle root of the accounts that may mint. */
            allowlistRoot: `0x${string}` | null;
            /** @description RFC 3339, UTC; exclusive. */
            endAt: string | null;
            /** @description Units that one account may mint in all. */
            limitPerWallet: number | null;
            /** @description Wei for one unit. */
            price: string;
            startAt: string | null;
        };
        /** @description The public mint. Everything left out is unlimited, free and open to all. */
        MintRulesBody: {
            /** @description Root of an OpenZeppelin StandardMerkleTree over `["address"]` */
            allowlistRoot?: `0x${string}` | null;
            /** @description Exclusive */
            endAt?: string | null;
            /** @description What one wallet may mint in all. ERC-1155: units of all token ids. */
            limitPerWallet?: string | null;
            /** @description Wei for one token or unit. Default: 0 */
            price?: string;
            startAt?: string | null;
        };
        MintUpsertedMessage: {
            data: components["schemas"]["MintedData"];
            /** @description `webhook-id`: the same each time it is sent. */
            id: string;
            /** @description 1, 2, 3 without a gap, of this webhook. */
            sequence: number;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @constant */
            type: "mints.domain upserted";
        };
        /** @description An order that was asked for and that the prepared transaction does not fill. */
        MissingOrder: {
            /** @description A code of what can be wrong with an order, or `same_token` (another order of the purchase takes the same token), `own_order` (you made it yourself), or `would_revert` (Seaport refuses it) */
            code: string;
            /** Format: bytes32 */
            orderHash: `0x${string}`;
            /** @description What is wrong, a sentence */
            problem: string;
        };
        /** @description An address and the name of its user. */
        NameBody: {
            /**
             * Format: address
             * @description EIP-55.
             */
            address: `0x${string}`;
            username: string;
        };
        /** @description The names that were found, in the order of the addresses. */
        NamesBody: {
            items: components["schemas"]["NameBody"][];
        };
        NativeCurrency: {
            decimals: number;
            symbol: string;
        };
        /** @description An approval that is missing, and the transaction that gives it. */
        NeededApproval: {
            /** @description Of an ERC-20: the least allowance that covers the order. */
            amount?: string;
            /**
             * Format: address
             * @description Of the token or the currency.
             */
            contract: `0x${string}`;
            kind: components["schemas"]["ApprovalKind"];
            /**
             * Format: address
             * @description Who moves it when the order is filled.
             */
            spender: `0x${string}`;
            txRequest: components["schemas"]["TxRequest"];
        };
        /** @description A new subscription, with its secret. */
        NewWebhookView: {
            accounts: `0x${string}`[];
            active: boolean;
            collections: components["schemas"]["CollectionRefView"][];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            createdAt: string;
            description: string | null;
            events: components["schemas"]["EventName"][];
            /** @description Since when it has taken nothing. */
            failingSince: string | null;
            /** @description The number of its last event. */
            lastSequence: number;
            /** @description `owner`, `unreachable` (it took nothing for three days) or `gone` (410). */
            pausedBecause: components["schemas"]["PausedBecause"] | null;
            /** @description Shown this once. */
            secret: string;
            /** @description Until when the secret before this one signs as well. */
            secretOverlapEnds: string | null;
            url: string;
            /** Format: uuid */
            webhookId: string;
        };
        NonceAnswer: {
            /** Format: date-time */
            expiresAt: string;
            /**
             * Format: date-time
             * @description Put it into `Issued At` of the message, unchanged.
             */
            issuedAt: string;
            /** @description 128 random bits in hex. One use. */
            nonce: string;
        };
        NonceBody: {
            /** @description If given, only this account can sign in. */
            accountId?: `0x${string}` | null;
            /** @description If given, only a sign-in on this chain is accepted. */
            chainId?: string | null;
            /** @description Host and port of the site that asks, exactly as its origin has them. Only sites that the operator has allowed get a nonce. */
            domain: string;
        };
        /** @description What the maker gives. */
        OfferItemBody: {
            endAmount: string;
            identifierOrCriteria: string;
            /** @description 0 native, 1 ERC-20, 2 ERC-721, 3 ERC-1155, 4 ERC-721 by criteria, 5 ERC-1155 by criteria */
            itemType: components["schemas"]["ItemType"];
            startAmount: string;
            /** Format: address */
            token: `0x${string}`;
        };
        /** @description What became of one order. */
        OneOfMany: {
            findings: components["schemas"]["OrderFinding"][];
            order?: components["schemas"]["OrderView"];
            /** Format: bytes32 */
            orderHash: `0x${string}`;
            /**
             * @description `known`: it was here already. `refused`: `findings` says why.
             * @enum {string}
             */
            outcome: "created" | "known" | "refused";
        };
        /** @description `OrderComponents` of Seaport 1.6, as the wallet signed them. */
        OrderBody: {
            /** Format: bytes32 */
            conduitKey: `0x${string}`;
            consideration: components["schemas"]["ConsiderationItemBody"][];
            counter: string;
            /** @description Unix seconds */
            endTime: string;
            offer: components["schemas"]["OfferItemBody"][];
            /** Format: address */
            offerer: `0x${string}`;
            /** @description 0 open, 1 open in parts, 2 restricted, 3 restricted in parts, 4 of a contract */
            orderType: components["schemas"]["OrderType"];
            salt: string;
            /** @description Unix seconds */
            startTime: string;
            /** @description Ignored: what `OrderParameters` has in addition */
            totalOriginalConsiderationItems?: number | null;
            /** Format: address */
            zone: `0x${string}`;
            /** Format: bytes32 */
            zoneHash: `0x${string}`;
        };
        OrderChangedMessage: {
            data: components["schemas"]["OrderEventView"];
            /** @description `webhook-id`: the same each time it is sent. */
            id: string;
            /** @description 1, 2, 3 without a gap, of this webhook. */
            sequence: number;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @constant */
            type: "orders.events changed";
        };
        /** @description A change of an order: where it stood from then on. */
        OrderEventView: {
            /** @description CAIP-2. */
            chainId: string;
            /**
             * Format: address
             * @description EIP-55.
             */
            contract: `0x${string}`;
            /** @description Units that can be filled. */
            fillable: string;
            /** @description An integer below 2^256, in decimal. */
            filled: string;
            /**
             * Format: address
             * @description EIP-55.
             */
            maker: `0x${string}`;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            occurredAt: string;
            /** Format: bytes32 */
            orderHash: `0x${string}`;
            price: components["schemas"]["OwnPriceView"];
            /** @description Why it is `inactive`: codes of findings. */
            reasons: components["schemas"]["Code"][];
            /** @description Its number among all events; the `id` of the stream. */
            seq: number;
            side: components["schemas"]["Side"];
            status: components["schemas"]["OrderStatus"];
            /** @description Not of an offer on any token, or any of a set. */
            tokenId?: string;
        };
        /** @description One thing that is wrong with an order. */
        OrderFinding: {
            /** @description With `not_approved` and `insufficient_allowance`: what to approve. */
            approval?: components["schemas"]["NeededApproval"];
            code: components["schemas"]["Code"];
            /** @description With `unsupported`: why. */
            fault?: components["schemas"]["Fault"];
            /** @description What is wrong, a sentence. */
            message: string;
            /** @description `refused`: the market does not take the order; `inactive`: it cannot be filled while this lasts; `warning`: it can be filled. */
            severity: components["schemas"]["Severity"];
            whatToDo: string;
        };
        OrderPageView: {
            items: components["schemas"]["ListedOrderView"][];
            /** @description Give it as `cursor` to read on; null on the last page. */
            nextCursor: string | null;
        };
        /**
         * @description Where an order stands.
         * @enum {string}
         */
        OrderStatus: "active" | "inactive" | "filled" | "cancelled" | "expired";
        /**
         * @description Who may fill an order, and whether in parts.
         * @enum {integer}
         */
        OrderType: 0 | 1 | 2 | 3 | 4;
        /** @description An order of the market with all that it takes to fill it. */
        OrderView: {
            /** @description CAIP-2. */
            chainId: string;
            /**
             * Format: date-time
             * @description When its status was last looked at.
             */
            checkedAt: string;
            /** @description What the maker signed. */
            components: components["schemas"]["OrderBody"];
            /**
             * Format: address
             * @description EIP-55.
             */
            contract: `0x${string}`;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            createdAt: string;
            /** Format: date-time */
            endAt?: string;
            /** @description The price at the end, in the smallest unit, if it moves with time. */
            endPriceRaw?: string;
            /** @description What the marketplace gets, in basis points. */
            feeBps: number;
            /** @description Units that can be filled now. */
            fillable: string;
            /** @description An integer below 2^256, in decimal. */
            filled: string;
            /** @description Whether it may be filled in parts. */
            inParts: boolean;
            /**
             * Format: address
             * @description EIP-55.
             */
            maker: `0x${string}`;
            /** Format: bytes32 */
            orderHash: `0x${string}`;
            price: components["schemas"]["PriceView"];
            /** @description An integer below 2^256, in decimal. */
            quantity: string;
            /** @description Why it is `inactive`: codes of findings. */
            reasons: components["schemas"]["Code"][];
            royaltyBps: number;
            side: components["schemas"]["Side"];
            /**
             * Format: bytes
             * @description As Seaport takes it. `0x` of an order that its maker validates on chain.
             */
            signature: `0x${string}`;
            standard: components["schemas"]["Standard"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            startAt: string;
            /** @description `active` can be filled now. */
            status: components["schemas"]["OrderStatus"];
            /** @description Not of an offer on any token, or any of a set. */
            tokenId?: string;
            /** @description What the tokens of a trait offer have in common. */
            traits?: {
                [key: string]: string[];
            };
        };
        /** @description How many of a collection one account holds, all its tokens together. */
        OwnerBody: {
            /**
             * Format: address
             * @description EIP-55.
             */
            owner: `0x${string}`;
            /** @description A sum of units, in decimal. It may pass 2^256. */
            quantity: string;
            /** @description Of all units that exist, 0 to 1. */
            share: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            updatedAt: string;
        };
        OwnerPage: {
            items: components["schemas"]["OwnerBody"][];
            /** @description Give it as `cursor` to read on; null on the last page. */
            nextCursor: string | null;
        };
        /** @description A price of one unit of the token in the order's currency, fees included. */
        OwnPriceView: {
            /** @description In whole units of the currency, in decimal. */
            amount: string;
            currency: components["schemas"]["CurrencyView"];
            /** @description In the smallest unit. */
            raw: string;
        };
        /**
         * @description Why nothing is sent to a webhook.
         * @enum {string}
         */
        PausedBecause: "owner" | "unreachable" | "gone";
        /** @description An order that the prepared transaction fills. */
        PlannedOrder: {
            /** Format: bytes32 */
            orderHash: `0x${string}`;
            /** @description Units, fewer than were asked for if fewer are left */
            quantity: string;
        };
        PreferencesBody: {
            currency: string;
            emailNotifications: boolean;
            marketingEmails: boolean;
            /** @enum {string} */
            privacyLevel: "public" | "private" | "friends";
            pushNotifications: boolean;
            /** @enum {string} */
            theme: "light" | "dark" | "auto";
        };
        PreferencesChange: {
            currency?: string;
            emailNotifications?: boolean;
            marketingEmails?: boolean;
            /**
             * @description Who sees the whole profile: everyone, nobody, or friends (you follow each other). Everyone sees name and picture.
             * @enum {string}
             */
            privacyLevel?: "public" | "private" | "friends";
            pushNotifications?: boolean;
            /** @enum {string} */
            theme?: "light" | "dark" | "auto";
        };
        PrepareAirdropBody: {
            chainId: string;
            /** @description The contract, or the slug of the collection */
            contract: `0x${string}` | string;
            /** @description Who gets how much, at most 500. ERC-721: at most 500 tokens in all. */
            recipients: components["schemas"]["RecipientBody"][];
            standard: components["schemas"]["Standard"];
        };
        PrepareApproveBody: {
            /** @description `erc20_approve` only, in the smallest unit of the currency: the allowance from now on, in place of the present one. `0` revokes */
            amount?: string | null;
            /** @description Not with `erc20_approve`; false revokes. Default: true */
            approved?: boolean | null;
            chainId: string;
            /** @description Any ERC-721 or ERC-1155 (by ERC-165), or the slug of a collection; a currency of the market. An allowance of a token that was launched here can be revoked */
            contract: `0x${string}` | string;
            /** @description `set_approval_for_all` of an ERC-721 or ERC-1155, `erc721_approve` of one token of an ERC-721, `erc20_approve` of a currency */
            kind: components["schemas"]["ApprovalKind"];
            /** @description Who may move the tokens or the currency. Default: the market's conduit. An approval is given to conduits and the Seaport of this market only; it may be taken from anybody */
            spender?: `0x${string}` | null;
            /** @description `erc721_approve` only: the token */
            tokenId?: string | null;
        };
        PrepareCancelBody: {
            /** @description True in place of both: all that you have signed so far, by raising your counter */
            allOrders?: boolean | null;
            chainId: string;
            /** @description In place of `orders`: the hashes of your orders that this market knows */
            orderHashes?: `0x${string}`[] | null;
            /** @description Your orders, each once, at most 50 with 300 items in all */
            orders?: components["schemas"]["OrderBody"][] | null;
        };
        PrepareCollectionBody: {
            bannerMediaId?: string | null;
            baseUri?: string | null;
            chainId: string;
            /** @description A document of your own. Left out, one is written from here. */
            contractUri?: string | null;
            description?: string | null;
            externalUrl?: string | null;
            featuredMediaId?: string | null;
            imageMediaId?: string | null;
            /** @description ERC-721: tokens in all. ERC-1155: units of each token id. Absent: unlimited. */
            maxSupply?: string | null;
            /** @description In place of baseUri: a set that you published */
            metadataSetId?: string | null;
            mint?: components["schemas"]["MintRulesBody"];
            name: string;
            /** @description Who is paid for mints. Default: the creator */
            payoutAddress?: `0x${string}` | null;
            /** @description EIP-2981, in hundredths of a per cent. Default: 0 */
            royaltyBps?: number;
            /** @description Default: the creator */
            royaltyReceiver?: `0x${string}` | null;
            standard: components["schemas"]["Standard"];
            symbol: string;
        };
        /**
         * @description Switch the wallet to the chain, hand it `txRequest` (`eth_sendTransaction`, with `value` and `gas` in hex
         *     and without `chainId`), then report the hash to `track`.
         */
        PreparedAnswer: {
            /** Format: date-time */
            deadlineAt: string;
            /** Format: uuid */
            intentId: string;
            kind: components["schemas"]["IntentKind"];
            /**
             * Format: address
             * @description Where the new contract will be. Exact.
             */
            previewAddress?: `0x${string}`;
            status: components["schemas"]["IntentStatus"];
            txRequest: components["schemas"]["TxRequest"];
        };
        /** @description One transaction for the wallet to sign. Each is an intent of its own. */
        PreparedStep: {
            /** Format: uuid */
            intentId: string;
            kind: components["schemas"]["IntentKind"];
            status: components["schemas"]["IntentStatus"];
            txRequest: components["schemas"]["TxRequest"];
        };
        PrepareLaunchBody: {
            /** @description Holders may burn what they hold. Default: false */
            burnable?: boolean;
            /** @description The total supply is never above it, in the smallest unit. Absent: no cap. */
            cap?: string | null;
            chainId: string;
            /** @description Digits after the point, for display. Default: 18 */
            decimals?: number;
            description?: string | null;
            iconMediaId?: string | null;
            /** @description Nobody ever mints more, and the token has no owner. `false`: the creator owns it, and may mint. Default: true */
            mintOnce?: boolean;
            name: string;
            /** @description Approvals by signature, EIP-2612. Default: true */
            permit?: boolean;
            /** @description Who gets the supply. Default: the creator */
            recipient?: `0x${string}` | null;
            /** @description Minted at launch, in the smallest unit: 10^decimals of them are one token. */
            supply: string;
            symbol: string;
        };
        PrepareMintBody: {
            chainId: string;
            /** @description The contract, or the slug of the collection */
            contract: `0x${string}` | string;
            /** @description ERC-1155 only: ids and quantities, each id once */
            items?: components["schemas"]["MintItemBody"][] | null;
            /** @description That the caller is on the allowlist, where there is one */
            proof?: `0x${string}`[];
            /** @description ERC-721 only; default 1, at most 500 in one transaction */
            quantity?: string | null;
            standard: components["schemas"]["Standard"];
            /** @description Who receives the tokens. Default: the caller */
            to?: `0x${string}` | null;
        };
        PreparePurchaseBody: {
            chainId: string;
            /** @description Listings of this market, each once, all in one currency */
            items: components["schemas"]["PurchaseItemBody"][];
            /** @description The most that you accept to pay for all of them together, fees included, in whole units of the listings' currency */
            maxTotal: string;
        };
        PrepareSaleBody: {
            chainId: string;
            /** @description The least that it must bring you after fees, in whole units of the offer's currency. Default: whatever the offer brings */
            minTotal?: string | null;
            /**
             * Format: bytes32
             * @description Of an offer of this market
             */
            orderHash: `0x${string}`;
            /** @description Units, of an offer that may be filled in parts. Default 1 */
            quantity?: string;
            /** @description The token that you give, for an offer that takes any of several */
            tokenId?: string | null;
        };
        /** @description The price of one unit of the token, fees included. */
        PriceView: {
            /** @description In whole units of the currency, in decimal. */
            amount: string;
            currency: components["schemas"]["CurrencyView"];
            /** @description In the chain's own currency, in decimal. Only of prices that compare with it: those in it and in its wrapped forms. */
            native?: string;
            /** @description In the smallest unit. */
            raw: string;
        };
        PrimaryWalletChangedMessage: {
            data: components["schemas"]["WalletLinkedData"];
            /** @description `webhook-id`: the same each time it is sent. */
            id: string;
            /** @description 1, 2, 3 without a gap, of this webhook. */
            sequence: number;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @constant */
            type: "wallet.primary_changed";
        };
        /** @description RFC 9457. */
        Problem: {
            /** @description With `not_eligible`: the arguments of that error, by name */
            arguments?: {
                [key: string]: string;
            };
            /** @description Stable and machine readable */
            code: components["schemas"]["ProblemCode"];
            /** @description What is wrong, in a sentence */
            detail: string;
            /** @description With `invalid_input`: every invalid place */
            fields?: components["schemas"]["WrongField"][];
            /** @description With `order_refused`: all that is wrong */
            findings?: components["schemas"]["OrderFinding"][];
            /** @description With `not_eligible`: the name of the contract's error */
            reason?: string;
            status: number;
            title: string;
            type: string;
            /** @description With a status of 503: the kind of part that failed */
            upstream?: components["schemas"]["Upstream"];
        } & {
            [key: string]: unknown;
        };
        /** @enum {string} */
        ProblemCode: "account_closed" | "account_deleting" | "already_in_catalog" | "bad_request" | "call_reverted" | "chain_not_indexed" | "conflict" | "contract_not_found" | "domain_not_allowed" | "expired_nonce" | "hash_already_tracked" | "headers_too_large" | "idempotency_mismatch" | "import_abandoned" | "insufficient_funds" | "intent_final" | "internal_error" | "invalid_cursor" | "invalid_input" | "invalid_message" | "invalid_nonce" | "invalid_signature" | "last_wallet" | "media_refused" | "media_too_large" | "method_not_allowed" | "missing_metadata" | "not_a_collection" | "not_eligible" | "not_found" | "not_owner" | "not_pinned" | "operator_unknown" | "order_refused" | "orders_unavailable" | "origin_not_allowed" | "price_moved" | "query_too_costly" | "range_not_satisfiable" | "rate_limited" | "recent_sign_in_needed" | "request_timeout" | "superseded" | "too_large" | "too_many_imports" | "transaction_mismatch" | "unauthorized" | "unknown_chain" | "unknown_collection" | "unknown_currency" | "unknown_media" | "unreadable_media" | "unsupported_media" | "unsupported_media_type" | "upload_interrupted" | "upstream_unavailable" | "username_changed_recently" | "username_needed" | "username_taken" | "wallet_is_primary" | "wallet_linked_elsewhere";
        /** @description The progress of reading the documents of a collection or of one token. */
        ProgressBody: {
            /** @description Finished, failed ones included. */
            done: number;
            /** @description Of one token, `code: why`. */
            error?: string;
            /** @description Failed. Each token has the reason. */
            failed: number;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            nextTryAt?: string;
            /** @description RFC 3339, UTC. */
            startedAt: string | null;
            /**
             * @description `due`: requested, not begun. `running`: also while it waits for servers. `idle`: never.
             * @enum {string}
             */
            status: "idle" | "due" | "running" | "done";
            total: number;
            /** @description The time of the last write. */
            updatedAt: string | null;
            /** @description To be tried again, since their servers did not answer. */
            waiting: number;
        };
        /** @description The accounts that may mint. */
        PublishAllowlistBody: {
            /** @description Each once, in any order, at most 50,000 */
            addresses: `0x${string}`[];
        };
        /** @description Either `tokens`, each with its own metadata, or one `template` for `count` tokens. */
        PublishBody: {
            count?: number | null;
            /** @description A set of yours that this one extends. The new set has all of its tokens; a token that is in both gets the new metadata. Tokens without ids continue its numbers. */
            extends?: string | null;
            standard: components["schemas"]["Standard"];
            /** @description The first id of a batch; if left out 1, or the next after the extended set */
            startAt?: string | null;
            template?: components["schemas"]["TemplateBody"] | null;
            tokens?: components["schemas"]["TokenWordsBody"][] | null;
        };
        /** @description A listing, or units of one. */
        PurchaseItemBody: {
            /** Format: bytes32 */
            orderHash: `0x${string}`;
            /** @description Units, of a listing that may be filled in parts. Default 1 */
            quantity?: string;
        };
        /** @description How rare a token is by one method. */
        RarityBody: {
            method: string;
            rank: number;
            score: number;
            source: string;
        };
        Readiness: {
            dependencies: {
                [key: string]: components["schemas"]["Dependency"];
            };
            /** @enum {string} */
            status: "ready" | "degraded" | "not_ready";
        };
        RecipientBody: {
            quantity: string;
            /** Format: address */
            to: `0x${string}`;
            /** @description ERC-1155 only */
            tokenId?: string | null;
        };
        RefreshBody: {
            refreshToken: string;
        };
        /** @description Which events are to be sent again, by their numbers. */
        ReplayBody: {
            /** @description Only those that were given up */
            deadOnly?: boolean;
            first: number;
            /** @description All behind `first`, if it is left out. At most 10000 are sent by one request */
            last?: number | null;
        };
        /** @description What is sent again. */
        ReplayView: {
            events: number;
            first: number | null;
            /** @description If there are more, ask again from behind it. */
            last: number | null;
        };
        /** @description The body for `POST /v1/approvals/prepare` that takes the approval back. */
        RevokeBody: {
            /** @description An integer below 2^256, in decimal. */
            amount?: string;
            approved?: boolean;
            /** @description CAIP-2. */
            chainId: string;
            /**
             * Format: address
             * @description EIP-55.
             */
            contract: `0x${string}`;
            /** @enum {string} */
            kind: "set_approval_for_all" | "erc721_approve" | "erc20_approve";
            /**
             * Format: address
             * @description EIP-55.
             */
            spender: `0x${string}`;
            /** @description An integer below 2^256, in decimal. */
            tokenId?: string;
        };
        /**
         * @description A network of Bitcoin with the network of CKB that knows its blocks.
         * @enum {string}
         */
        RgbppNetwork: "rgbpp:mainnet" | "rgbpp:testnet3" | "rgbpp:signet";
        /** @description How the secret is replaced. */
        RotateBody: {
            /** @description The old secret is worth nothing at once. Otherwise it signs as well for 24 hours */
            stolen?: boolean;
        };
        /**
         * @description What was paid for all units together, and what became of it, in the smallest unit. The last three add up to the
         *     first.
         */
        SaleAmounts: {
            /** @description A sum of money in the smallest unit of its currency, in decimal. It may pass 2^256. */
            fees: string;
            /** @description A sum of money in the smallest unit of its currency, in decimal. It may pass 2^256. */
            price: string;
            /** @description What the seller got. It may pass 2^256. */
            proceeds: string;
            /** @description A sum of money in the smallest unit of its currency, in decimal. It may pass 2^256. */
            royalty: string;
        };
        SalePage: {
            items: components["schemas"]["SaleView"][];
            /** @description Give it as `cursor` to read on; null on the last page. */
            nextCursor: string | null;
        };
        /** @description A token, or units of one, that changed hands for a price. */
        SaleView: {
            amounts: components["schemas"]["SaleAmounts"];
            blockNumber: number;
            /** @description How many tokens were sold together. */
            bundle: number;
            /**
             * Format: address
             * @description EIP-55.
             */
            buyer: `0x${string}`;
            /** @description CAIP-2. */
            chainId: string;
            /**
             * Format: address
             * @description EIP-55.
             */
            contract: `0x${string}`;
            currency: components["schemas"]["CurrencyView"];
            /**
             * @description Why it is kept out of volumes.
             * @enum {string}
             */
            exclusion?: "self_trade" | "same_funder" | "back_and_forth";
            /** Format: uuid */
            id: string;
            marketplace: string;
            /** @description The same, if the price compares with the chain's own currency. */
            native?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            occurredAt: string;
            /** Format: bytes32 */
            orderHash?: `0x${string}`;
            /** @description Of all units, in whole units of the currency. Absent if nobody has registered how many decimals it has. */
            price?: string;
            /** @description A sum of units, in decimal. It may pass 2^256. */
            quantity: string;
            /**
             * Format: address
             * @description EIP-55.
             */
            seller: `0x${string}`;
            /** @description An integer below 2^256, in decimal. */
            tokenId: string;
            /** Format: bytes32 */
            txHash: `0x${string}`;
        };
        /** @description One document of a set. */
        SampleToken: {
            tokenId: string;
            /** @description The token URI: the contract answers it, or a reader makes it */
            uri: string;
            /** @description The document on this server */
            url: string;
        };
        /** @description What is asked for is so already. There is no intent, and nothing to sign. */
        SatisfiedAnswer: {
            /** @description What is so, in a sentence */
            detail: string;
            kind: components["schemas"]["IntentKind"];
            /** @constant */
            satisfied: true;
        };
        /** @description An unspent output of Bitcoin. */
        SealBody: {
            /** @description Its scriptPubKey in hex, P2WPKH or P2TR */
            script: string;
            txid: string;
            /** @description Satoshis */
            value: number;
            vout: number;
        };
        /** @description The best results of each kind. There are no pages. */
        SearchBody: {
            collections: components["schemas"]["CollectionBody"][];
            tokens: components["schemas"]["FoundTokenBody"][];
        };
        /** @description The new secret. */
        SecretView: {
            /** @description Shown this once. */
            secret: string;
        };
        /** @description One event. */
        SecurityEventBody: {
            /**
             * Format: address
             * @description EIP-55.
             */
            address?: `0x${string}`;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            at: string;
            /** @description A sentence for people. */
            description: string;
            /** Format: uuid */
            id: string;
            /** @description Where it came from. */
            ipAddress?: string;
            /** @enum {string} */
            severity: "info" | "warning" | "error" | "critical";
            type: components["schemas"]["EventType"];
        };
        SecurityEventPage: {
            items: components["schemas"]["SecurityEventBody"][];
            /** @description Give it as `cursor` to read on; null on the last page. */
            nextCursor: string | null;
        };
        /** @description The event that was sent. */
        SentTestView: {
            sequence: number;
        };
        SessionPage: {
            items: components["schemas"]["SessionView"][];
            /** @description Give it as `cursor` to read on; null on the last page. */
            nextCursor: string | null;
        };
        SessionView: {
            /** Format: address */
            address: `0x${string}`;
            chainId: string;
            /** Format: date-time */
            createdAt: string;
            /** @description Whether this request uses it. */
            current: boolean;
            /** Format: date-time */
            expiresAt: string;
            ipAddress?: string;
            /** Format: date-time */
            lastUsedAt?: string;
            /** Format: uuid */
            sessionId: string;
            userAgent?: string;
        };
        /** @description The public settings, by name. */
        SettingsBody: {
            settings: {
                [key: string]: number | string;
            };
        };
        /**
         * @description What a finding means for the order.
         * @enum {string}
         */
        Severity: "refused" | "inactive" | "warning";
        /**
         * @description What the maker of an order wants.
         * @enum {string}
         */
        Side: "listing" | "item_offer" | "collection_offer" | "trait_offer";
        /** @description An order and its signature. */
        SignedOrderBody: {
            order: components["schemas"]["OrderBody"];
            /** @description The hash of the order. If it is given, it must be that of `order` */
            orderHash?: `0x${string}` | null;
            /**
             * Format: bytes
             * @description By the maker's key (65 or 64 bytes), in a bulk tree, or what the maker's contract takes. Left out for an order that its maker has validated on chain
             */
            signature?: `0x${string}`;
            /** @description Of a trait offer: the tokens that it takes */
            tokens?: string[];
            /** @description Of a trait offer, instead of `tokens`: of each trait the values of which a token needs one, by what the catalog says now */
            traits?: {
                [key: string]: string[];
            };
        };
        /** @description Links to the user's other pages, each on the site of its kind. The object is replaced as a whole. */
        Socials: {
            discord?: string;
            farcaster?: string;
            github?: string;
            instagram?: string;
            telegram?: string;
            website?: string;
            x?: string;
        };
        SocialsBody: {
            discord?: string;
            farcaster?: string;
            github?: string;
            instagram?: string;
            telegram?: string;
            website?: string;
            x?: string;
        };
        /** @description Amounts are of the smallest unit of the currency, but for `price`. */
        SoldData: {
            blockNumber: number;
            /**
             * Format: address
             * @description EIP-55.
             */
            buyer: `0x${string}`;
            /** @description CAIP-2. */
            chainId: string;
            /**
             * Format: address
             * @description Lower case.
             */
            contract: `0x${string}`;
            currency: `0x${string}` | null;
            currencySymbol: string;
            marketplace: string | null;
            orderHash: `0x${string}` | null;
            price: string;
            /** @description A sum of money in the smallest unit of its currency, in decimal. It may pass 2^256. */
            priceAmount: string;
            /** @description A sum of units, in decimal. It may pass 2^256. */
            quantity: string;
            /**
             * Format: address
             * @description EIP-55.
             */
            seller: `0x${string}`;
            /** @description An integer below 2^256, in decimal. */
            tokenId: string;
            /** Format: bytes32 */
            txHash: `0x${string}`;
        } & {
            [key: string]: unknown;
        };
        SoldMessage: {
            data: components["schemas"]["SoldData"];
            /** @description `webhook-id`: the same each time it is sent. */
            id: string;
            /** @description 1, 2, 3 without a gap, of this webhook. */
            sequence: number;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @constant */
            type: "sales.events sold";
        };
        /**
         * @description The token standard of a collection.
         * @enum {string}
         */
        Standard: "erc721" | "erc1155";
        StandingApprovalBody: {
            /** @description Of a currency, in its smallest unit: how much may be moved now. If `confirmed` is false, as it was approved, of which some may be spent. */
            amount: string | null;
            /** @description Null for what the catalog does not have. */
            atStake: components["schemas"]["AtStakeBody"] | null;
            /** @description CAIP-2. */
            chainId: string;
            /** @description Its name. */
            collection: string | null;
            /** @description Whether the chain was asked, half a minute ago at most, and says the same. False if no node has answered in time: then all is as events have told it. */
            confirmed: boolean;
            /**
             * Format: address
             * @description EIP-55.
             */
            contract: `0x${string}`;
            /**
             * Format: address
             * @description EIP-55.
             */
            operator: `0x${string}`;
            /** @description The role of a contract that this marketplace knows, such as `seaport`; null for anybody else. */
            operatorName: string | null;
            /** @description To be posted in a session of the wallet. */
            revoke: components["schemas"]["RevokeBody"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            since: string;
            slug: string | null;
            /** @enum {string} */
            standard: "erc20" | "erc721" | "erc1155";
            /** @description The one token that may be moved; null for all, and for a currency. */
            tokenId: string | null;
            /** Format: bytes32 */
            txHash: `0x${string}`;
            /**
             * Format: address
             * @description EIP-55.
             */
            wallet: `0x${string}`;
        };
        StandingApprovalPage: {
            items: components["schemas"]["StandingApprovalBody"][];
            /** @description Give it as `cursor` to read on; null on the last page. */
            nextCursor: string | null;
        };
        /** @description Counters, kept up to date by what is indexed. Prices and volumes are in the native currency. */
        StatsBody: {
            /** @description CAIP-2. */
            chainId: string;
            /**
             * Format: address
             * @description EIP-55.
             */
            contract: `0x${string}`;
            floorCurrency?: string;
            /** @description In the native currency, in decimal. */
            floorPrice?: string;
            /** @description Tokens that exist. */
            items: number;
            listed: number;
            /** @description In the native currency, in decimal. */
            marketCap?: string;
            /** @description Accounts that hold at least one. */
            owners: number;
            sales: number;
            salesDay: number;
            salesWeek: number;
            /** @description A sum of units, in decimal. It may pass 2^256. */
            totalMinted: string;
            /** @description A sum of units, in decimal. It may pass 2^256. */
            totalSupply: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            updatedAt: string;
            /** @description In the native currency, in decimal. */
            volumeAll: string;
            /** @description In the native currency, in decimal. */
            volumeDay: string;
            /** @description In the native currency, in decimal. */
            volumeWeek: string;
        };
        /**
         * @description Where the intent stands.
         * @enum {string}
         */
        Step: "prepared" | "tracked" | "confirming" | "indexed" | "ready" | "replaced" | "reorged" | "failed" | "expired";
        SuggestedFees: {
            /** @description In the native currency, in decimal. */
            maxFeeGwei?: string;
            /** @description In the native currency, in decimal. */
            priorityFeeGwei?: string;
        };
        /** @description An order that the market has taken. */
        TakenAnswer: {
            /** @description What is wrong with it now. Empty if nothing is. */
            findings: components["schemas"]["OrderFinding"][];
            order: components["schemas"]["OrderView"];
        };
        /** @description What became of the orders, in their order. */
        TakenManyAnswer: {
            items: components["schemas"]["OneOfMany"][];
        };
        /** @description The metadata of every token of a batch. In all texts `{number}` is replaced by the token's id. */
        TemplateBody: {
            animationMediaId?: string | null;
            attributes?: components["schemas"]["TraitWordsBody"][];
            backgroundColor?: string | null;
            description?: string | null;
            externalUrl?: string | null;
            imageMediaId?: string | null;
            name: string;
        };
        TokenAnswer: {
            /** @description A JWT for `Authorization: Bearer`. */
            accessToken: string;
            /** Format: address */
            address: `0x${string}`;
            chainId: string;
            /**
             * Format: date-time
             * @description Of the access token.
             */
            expiresAt: string;
            /** @description For one use at `POST /v1/auth/refresh`; a second use ends the session. */
            refreshToken: string;
            /** Format: uuid */
            userId: string;
        };
        /** @description A token. For ERC-1155 `owner` is null: who holds how much is in `.../holders`. */
        TokenBody: {
            /** @description As the metadata document names it. */
            animationUri?: string;
            /** @description Where a browser finds it: `https`, or our `/ipfs/` and an Arweave gateway for `ipfs://` and `ar://`. */
            animationUrl?: string;
            burned: boolean;
            /** @description CAIP-2. */
            chainId: string;
            /**
             * Format: address
             * @description EIP-55.
             */
            contract: `0x${string}`;
            currency?: string;
            /** @description What an operator says of it; left out if nothing. */
            flags?: ("spam" | "nsfw" | "frozen" | "flagged")[];
            /** @description As the metadata document names it. */
            imageUri?: string;
            /** @description Where a browser finds it: `https`, or our `/ipfs/` and an Arweave gateway for `ipfs://` and `ar://`. */
            imageUrl?: string;
            /** @description Units that the cheapest listing sells together only. Left out if one may be bought. */
            lotSize?: string;
            /**
             * @description Left out until the document was first read.
             * @enum {string}
             */
            metadataStatus?: "ok" | "failed";
            /** @description What the contract names, as it names it. */
            metadataUrl?: string;
            mintedAt: string | null;
            mintedBlock: number | null;
            name?: string;
            /** @description EIP-55. Null for ERC-1155, and for a burned token. */
            owner: `0x${string}` | null;
            /** @description Of one unit, by the cheapest listing. */
            price?: string;
            /** @description By OpenRarity; 1 is the rarest. */
            rank?: number;
            /** @enum {string} */
            standard: "erc721" | "erc1155";
            /** @description Units that exist now. */
            supply: string;
            /** @description An integer below 2^256, in decimal. */
            tokenId: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            updatedAt: string;
        };
        /** @description One token with everything that is known about it. */
        TokenDetailBody: {
            /** @description As the metadata document names it. */
            animationUri?: string;
            /** @description Where a browser finds it: `https`, or our `/ipfs/` and an Arweave gateway for `ipfs://` and `ar://`. */
            animationUrl?: string;
            attributes: components["schemas"]["AttributeBody"][];
            backgroundColor?: string;
            burned: boolean;
            /** @description CAIP-2. */
            chainId: string;
            /**
             * Format: address
             * @description EIP-55.
             */
            contract: `0x${string}`;
            currency?: string;
            description?: string;
            externalUrl?: string;
            /** @description What an operator says of it; left out if nothing. */
            flags?: ("spam" | "nsfw" | "frozen" | "flagged")[];
            /** @description As the metadata document names it. */
            imageUri?: string;
            /** @description Where a browser finds it: `https`, or our `/ipfs/` and an Arweave gateway for `ipfs://` and `ar://`. */
            imageUrl?: string;
            listing?: components["schemas"]["ListingBody"];
            /** @description Units that the cheapest listing sells together only. Left out if one may be bought. */
            lotSize?: string;
            /** @description Why the document could not be read. */
            metadataError?: string;
            /**
             * @description Left out until the document was first read.
             * @enum {string}
             */
            metadataStatus?: "ok" | "failed";
            /** @description What the contract names, as it names it. */
            metadataUrl?: string;
            mintedAt: string | null;
            mintedBlock: number | null;
            /** Format: bytes32 */
            mintedTxHash?: `0x${string}`;
            name?: string;
            /** @description EIP-55. Null for ERC-1155, and for a burned token. */
            owner: `0x${string}` | null;
            /** @description Of one unit, by the cheapest listing. */
            price?: string;
            /** @description By OpenRarity; 1 is the rarest. */
            rank?: number;
            /** @description How many tokens the ranks count. */
            ranked?: number;
            rarity: components["schemas"]["RarityBody"][];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            refreshedAt?: string;
            /** @enum {string} */
            standard: "erc721" | "erc1155";
            /** @description Units that exist now. */
            supply: string;
            /** @description An integer below 2^256, in decimal. */
            tokenId: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            updatedAt: string;
        };
        /** @description A fungible token, as its factory's event has it. */
        TokenLaunchedData: {
            blockNumber: number;
            /** @description CAIP-2. */
            chainId: string;
            /**
             * Format: address
             * @description Lower case.
             */
            contract: `0x${string}`;
            /**
             * Format: address
             * @description EIP-55.
             */
            creator: `0x${string}`;
            decimals: number;
            name: string;
            /** @description What was minted at its launch, in the smallest unit. */
            supply: string;
            symbol: string;
            /** Format: bytes32 */
            txHash: `0x${string}`;
        } & {
            [key: string]: unknown;
        };
        TokenLaunchedMessage: {
            data: components["schemas"]["TokenLaunchedData"];
            /** @description `webhook-id`: the same each time it is sent. */
            id: string;
            /** @description 1, 2, 3 without a gap, of this webhook. */
            sequence: number;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @constant */
            type: "tokens.events launched";
        };
        TokenPage: {
            items: components["schemas"]["TokenBody"][];
            /** @description Give it as `cursor` to read on; null on the last page. */
            nextCursor: string | null;
        };
        /** @description The metadata of one token. */
        TokenWordsBody: {
            animationMediaId?: string | null;
            attributes?: components["schemas"]["TraitWordsBody"][];
            backgroundColor?: string | null;
            description?: string | null;
            externalUrl?: string | null;
            imageMediaId?: string | null;
            name: string;
            /** @description If every token of an ERC-721 set leaves it out, they are numbered from 1 in their order. */
            tokenId?: string | null;
        };
        /** @description The wallet's answer to `eth_sendTransaction`. */
        TrackBody: {
            /** Format: bytes32 */
            txHash: `0x${string}`;
        };
        /** @description One value of one trait, as it is published. */
        TraitBody: {
            /** @enum {string} */
            displayType?: "number" | "boost_number" | "boost_percentage" | "date";
            /** @description In the native currency, in decimal. */
            floorPrice?: string;
            /** @description Share of the collection's tokens, 0 to 1. */
            frequency: number;
            /** @description A number; its digits as a text where a reader of JSON would round it. */
            maxValue?: number | string;
            /** @description Tokens that have it. */
            occurrences: number;
            rarityScore?: number;
            /** @description The trait's name. */
            traitType: string;
            unit?: string;
            /** @description As `POST /v1/metadata` takes it: a text, a number, or of a date the seconds since 1970. A number that a reader of JSON would round is a text with its digits. */
            value: string | number;
            /** @enum {string} */
            valueType: "string" | "number" | "date";
        };
        TraitPage: {
            items: components["schemas"]["TraitBody"][];
            /** @description Give it as `cursor` to read on; null on the last page. */
            nextCursor: string | null;
        };
        /** @description One trait, as in OpenSea's metadata standard. */
        TraitWordsBody: {
            /** @description How a number is shown; `date` is a number of seconds since 1970. For numbers only. */
            displayType?: ("number" | "boost_number" | "boost_percentage" | "date") | null;
            /** @description The end of the number's scale */
            maxValue?: number | null;
            traitType: string;
            value: string | number;
        };
        TransferredData: {
            blockNumber: number;
            /** @description CAIP-2. */
            chainId: string;
            /**
             * Format: address
             * @description Lower case.
             */
            contract: `0x${string}`;
            /**
             * Format: address
             * @description EIP-55.
             */
            from: `0x${string}`;
            quantities: string[];
            standard: string;
            /** @description Null if they were burned. */
            to: `0x${string}` | null;
            tokenIds: string[];
            /** Format: bytes32 */
            txHash: `0x${string}`;
        } & {
            [key: string]: unknown;
        };
        TransferredMessage: {
            data: components["schemas"]["TransferredData"];
            /** @description `webhook-id`: the same each time it is sent. */
            id: string;
            /** @description 1, 2, 3 without a gap, of this webhook. */
            sequence: number;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @constant */
            type: "transfers.events transferred";
        };
        /** @description What a wallet is asked to sign (EIP-1193 `eth_sendTransaction` without a fee, which the wallet sets). */
        TxRequest: {
            chainId: string;
            /**
             * Format: bytes
             * @description Calldata.
             */
            data: `0x${string}`;
            /** Format: address */
            from: `0x${string}`;
            /** @description A gas limit with a margin over what the node has just measured. Left out where the node could not measure it: then the wallet estimates. */
            gas?: string;
            /** Format: address */
            to: `0x${string}`;
            value: string;
        };
        /** @description A member of a type of EIP-712. */
        TypedDataMember: {
            name: string;
            type: string;
        };
        /** @description EIP-712 typed data, as `eth_signTypedData_v4` takes it. */
        TypedDataView: {
            domain: {
                [key: string]: unknown;
            };
            message: {
                [key: string]: unknown;
            };
            primaryType: string;
            types: {
                [key: string]: components["schemas"]["TypedDataMember"][];
            };
        };
        /**
         * @description The member `upstream` of a problem. It names a kind of part, never an address.
         * @enum {string}
         */
        Upstream: "postgres" | "redis" | "mongo" | "temporal" | "node" | "index" | "media_store" | "pinning" | "decoder" | "stream";
        /**
         * @description A user as the caller sees them. Name and picture are shown to everyone, the rest as the user's `privacyLevel`
         *     says.
         */
        UserBody: {
            /**
             * Format: address
             * @description The primary wallet, EIP-55.
             */
            address?: `0x${string}`;
            /** @description Of a picture in our own store. */
            avatarUrl?: string;
            /** @description Of a picture in our own store. */
            bannerUrl?: string;
            bio?: string;
            displayName?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            joinedAt?: string;
            socials?: components["schemas"]["SocialsBody"];
            stats?: components["schemas"]["UserStatsBody"];
            username: string;
            /** @description For somebody else who has signed in. */
            viewer?: components["schemas"]["ViewerBody"];
        };
        /** @description A user in a list: what everyone sees of every user. */
        UserCard: {
            /** @description Of a picture in our own store. */
            avatarUrl?: string;
            displayName?: string;
            username: string;
        };
        UserLoggedInMessage: {
            data: components["schemas"]["LoggedInData"];
            /** @description `webhook-id`: the same each time it is sent. */
            id: string;
            /** @description 1, 2, 3 without a gap, of this webhook. */
            sequence: number;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @constant */
            type: "auth.user_logged_in";
        };
        UserPage: {
            items: components["schemas"]["UserCard"][];
            /** @description Give it as `cursor` to read on; null on the last page. */
            nextCursor: string | null;
        };
        /** @description The counters of a user. */
        UserStatsBody: {
            collections: number;
            followers: number;
            following: number;
            /** @description Units held of all tokens of all collections that are shown. */
            items: string;
            listings: number;
            purchases: number;
            sales: number;
            /** @description In the native currency, in decimal. */
            volumePurchased: string;
            /** @description In the native currency, in decimal. */
            volumeSold: string;
        };
        /** @description A smaller rendering. */
        VariantBody: {
            height: number;
            /** @constant */
            mime: "image/webp";
            url: string;
            /** @description Pixels. */
            width: number;
        };
        VerifyBody: {
            /** Format: address */
            accountId: `0x${string}`;
            /** @description The EIP-4361 message, byte for byte as it was signed: at most 16,384 ASCII characters, lines ending in LF, the address in EIP-55 casing. */
            message: string;
            /**
             * Format: bytes
             * @description `0x` and hex digits: 65 bytes (EIP-191) or 64 (EIP-2098) of a key, or up to 8,192 bytes for a contract wallet (EIP-1271, EIP-6492).
             */
            signature: `0x${string}`;
            /** @description Opens the account again if you have asked for its deletion. Without it such a sign-in is `account_deleting`, and the nonce stays valid. */
            takeBackDeletion?: boolean;
        };
        /** @description What is between the caller and the user. */
        ViewerBody: {
            /** @description You have blocked the user. */
            blocked: boolean;
            /** @description The user follows you. */
            followedBy: boolean;
            /** @description You follow the user. */
            follows: boolean;
        };
        /** @description One deed. */
        WalletActivityBody: {
            /** @enum {string} */
            action: "linked" | "unlinked" | "set_primary" | "verified" | "updated";
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            at: string;
            /** @description `sign_in`, `proof`: the wallet signed a message. `moved`: another user has proven that the wallet is theirs, or you have. `request`: you asked for it. `other_unlinked`: your primary wallet was unlinked. `wallet_reorged_away`: the contract is no longer on the chain. */
            cause: ("sign_in" | "proof" | "moved" | "request" | "other_unlinked" | "wallet_reorged_away") | null;
            /** @description CAIP-2. */
            chainId: string;
            /** @description Of your own request; null for what others have done. */
            ipAddress: string | null;
            userAgent: string | null;
        };
        WalletActivityPage: {
            items: components["schemas"]["WalletActivityBody"][];
            /** @description Give it as `cursor` to read on; null on the last page. */
            nextCursor: string | null;
        };
        WalletBody: {
            /**
             * Format: address
             * @description EIP-55.
             */
            address: `0x${string}`;
            /** @description CAIP-2. */
            chainId: string;
            isPrimary: boolean;
            label: string | null;
            /** @description When it was proven last, by a sign-in or a link. */
            lastSeenAt: string | null;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            linkedAt: string;
            /** @enum {string} */
            type: "eoa" | "contract" | "multisig" | "smart_account";
        };
        WalletChange: {
            /** @description At most 100 characters; null removes it. Only you see it. */
            label: string | null;
        };
        WalletLinkedData: {
            /**
             * Format: address
             * @description EIP-55.
             */
            address: `0x${string}`;
            /** @description CAIP-2. */
            chainId: string;
            /** Format: uuid */
            userId: string;
            /** Format: uuid */
            walletId: string;
        } & {
            [key: string]: unknown;
        };
        WalletLinkedMessage: {
            data: components["schemas"]["WalletLinkedData"];
            /** @description `webhook-id`: the same each time it is sent. */
            id: string;
            /** @description 1, 2, 3 without a gap, of this webhook. */
            sequence: number;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @constant */
            type: "wallet.linked";
        };
        WalletPage: {
            items: components["schemas"]["WalletBody"][];
            /** @description Give it as `cursor` to read on; null on the last page. */
            nextCursor: string | null;
        };
        WalletUnlinkedData: {
            /**
             * Format: address
             * @description EIP-55.
             */
            address: `0x${string}`;
            /** @description CAIP-2. */
            chainId: string;
            /** @description `request`, `moved` or `wallet_reorged_away`. */
            reason: string;
            /** Format: uuid */
            userId: string;
            /** Format: uuid */
            walletId: string;
        } & {
            [key: string]: unknown;
        };
        WalletUnlinkedMessage: {
            data: components["schemas"]["WalletUnlinkedData"];
            /** @description `webhook-id`: the same each time it is sent. */
            id: string;
            /** @description 1, 2, 3 without a gap, of this webhook. */
            sequence: number;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @constant */
            type: "wallet.unlinked";
        };
        /** @description One proof that the wallet is yours. */
        WalletVerificationBody: {
            /** @description CAIP-2. */
            chainId: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            createdAt: string;
            /** @description `eip191` for a key, `eip1271` for a contract. */
            standard: string | null;
            /** @enum {string} */
            status: "pending" | "verified" | "failed" | "expired";
            type: string;
            verifiedAt: string | null;
        };
        WalletVerificationPage: {
            items: components["schemas"]["WalletVerificationBody"][];
            /** @description Give it as `cursor` to read on; null on the last page. */
            nextCursor: string | null;
        };
        WebhookPage: {
            items: components["schemas"]["WebhookView"][];
            nextCursor: string | null;
        };
        WebhookPausedData: {
            reason: components["schemas"]["PausedBecause"];
            /** Format: uuid */
            userId?: string;
            /** Format: uuid */
            webhookId: string;
        } & {
            [key: string]: unknown;
        };
        WebhookPausedMessage: {
            data: components["schemas"]["WebhookPausedData"];
            /** @description `webhook-id`: the same each time it is sent. */
            id: string;
            /** @description 1, 2, 3 without a gap, of this webhook. */
            sequence: number;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @constant */
            type: "webhook.paused";
        };
        WebhookTestData: {
            /** Format: uuid */
            webhookId: string;
        } & {
            [key: string]: unknown;
        };
        WebhookTestMessage: {
            data: components["schemas"]["WebhookTestData"];
            /** @description `webhook-id`: the same each time it is sent. */
            id: string;
            /** @description 1, 2, 3 without a gap, of this webhook. */
            sequence: number;
            /**
             * Format: date-time
             * @description When it happened.
             */
            timestamp: string;
            /** @constant */
            type: "webhook.test";
        };
        /** @description A subscription. */
        WebhookView: {
            accounts: `0x${string}`[];
            active: boolean;
            collections: components["schemas"]["CollectionRefView"][];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             */
            createdAt: string;
            description: string | null;
            events: components["schemas"]["EventName"][];
            /** @description Since when it has taken nothing. */
            failingSince: string | null;
            /** @description The number of its last event. */
            lastSequence: number;
            /** @description `owner`, `unreachable` (it took nothing for three days) or `gone` (410). */
            pausedBecause: components["schemas"]["PausedBecause"] | null;
            /** @description Until when the secret before this one signs as well. */
            secretOverlapEnds: string | null;
            url: string;
            /** Format: uuid */
            webhookId: string;
        };
        /** @description An order to build. */
        WishBody: {
            /** @description The contract, or the slug of the collection */
            contract: `0x${string}` | string;
            /** @description An ERC-20 of the market. Default: the chain's own currency for `list`, else its wrapped form */
            currency?: `0x${string}` | null;
            /** @description Default: 30 days after the start */
            endAt?: string | null;
            /** @description At the end, for a price that moves with time */
            endPrice?: string | null;
            kind: components["schemas"]["WishKind"];
            /** @description Of one unit, in whole units of the currency */
            price: string;
            /** @description Units of the token. Default 1 */
            quantity?: string;
            /** @description Default: now */
            startAt?: string | null;
            /** @description With `list` and `offer` */
            tokenId?: string | null;
            /** @description Of a trait offer: the tokens that it takes */
            tokens?: string[];
            /** @description Of a trait offer, instead of `tokens`: of each trait the values of which a token needs one, by what the catalog says now */
            traits?: {
                [key: string]: string[];
            };
        };
        /**
         * @description What a maker wants to sign.
         * @enum {string}
         */
        WishKind: "list" | "offer" | "collection-offer" | "trait-offer";
        /** @description One invalid place of the request, and the reason. */
        WrongField: {
            /** @description The name of a member of the body (`mint.endAt`, `items.0.quantity`), or `body` for the whole body; a parameter has `query.`, `path.` or `header.` before its name */
            field: string;
            reason: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    healthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getByCid: {
        parameters: {
            query?: {
                /** @description Of a picture: its narrowest variant that is at least so many pixels wide, or as wide as the original. The original, where none is, and as long as none is made. */
                width?: number;
            };
            header?: never;
            path: {
                /** @description A CIDv1 or CIDv0. */
                cid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The whole file, with a strong `ETag`. */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "image/avif": unknown;
                    "image/gif": unknown;
                    "image/jpeg": unknown;
                    "image/png": unknown;
                    "image/webp": unknown;
                };
            };
            /** @description The part that `Range` asks for: one range of bytes. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "image/avif": unknown;
                    "image/gif": unknown;
                    "image/jpeg": unknown;
                    "image/png": unknown;
                    "image/webp": unknown;
                };
            };
            /** @description `If-None-Match` names the file. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `range_not_satisfiable` */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getByPath: {
        parameters: {
            query?: {
                /** @description Of a picture: its narrowest variant that is at least so many pixels wide, or as wide as the original. The original, where none is, and as long as none is made. */
                width?: number;
            };
            header?: never;
            path: {
                /** @description A CIDv1 or CIDv0. */
                cid: string;
                /** @description Names in the directory, as in a token's URI. */
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The whole file, with a strong `ETag`. */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "image/avif": unknown;
                    "image/gif": unknown;
                    "image/jpeg": unknown;
                    "image/png": unknown;
                    "image/webp": unknown;
                };
            };
            /** @description The part that `Range` asks for: one range of bytes. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "image/avif": unknown;
                    "image/gif": unknown;
                    "image/jpeg": unknown;
                    "image/png": unknown;
                    "image/webp": unknown;
                };
            };
            /** @description `If-None-Match` names the file. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `range_not_satisfiable` */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOriginal: {
        parameters: {
            query?: {
                /** @description Of a picture: its narrowest variant that is at least so many pixels wide, or as wide as the original. The original, where none is, and as long as none is made. */
                width?: number;
            };
            header?: never;
            path: {
                /** @description The id that the upload answered. */
                mediaId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The whole file, with a strong `ETag`. */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "image/avif": unknown;
                    "image/gif": unknown;
                    "image/jpeg": unknown;
                    "image/png": unknown;
                    "image/webp": unknown;
                };
            };
            /** @description The part that `Range` asks for: one range of bytes. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "image/avif": unknown;
                    "image/gif": unknown;
                    "image/jpeg": unknown;
                    "image/png": unknown;
                    "image/webp": unknown;
                };
            };
            /** @description `If-None-Match` names the file. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `range_not_satisfiable` */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getVariant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The id that the upload answered. */
                mediaId: string;
                /** @description A width of the asset's `variants`. */
                width: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The whole file, with a strong `ETag`. */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "image/webp": unknown;
                };
            };
            /** @description The part that `Range` asks for: one range of bytes. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/webp": unknown;
                };
            };
            /** @description `If-None-Match` names the file. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `range_not_satisfiable` */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description Postgres does not answer, without which nothing is served. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description In any valid casing. */
                address: `0x${string}`;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountBody"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAccountActivity: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
                /** @description From this time on. On chain it is the time of the block. */
                since?: string;
                /** @description Movements that do not fit what was so before them, or that nobody is known to have allowed: `include`, `exclude`, or `only`. By default the activity of an account leaves them out, that of a collection or a token includes them. */
                suspicious?: "include" | "exclude" | "only";
                /** @description Only these types; repeated. */
                type?: ("listed" | "offer" | "sale" | "transfer" | "mint" | "burn")[];
                /** @description Before this time. */
                until?: string;
            };
            header?: never;
            path: {
                /** @description In any valid casing. */
                address: `0x${string}`;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActivityPage"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAccountCollections: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description In any valid casing. */
                address: `0x${string}`;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HeldCollectionPage"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listOffersReceived: {
        parameters: {
            query?: {
                /** @description Orders on this chain. */
                chainId?: string;
                /** @description Orders of this collection, by its contract or its slug. It needs `chainId`. */
                contract?: `0x${string}` | string;
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description In any valid casing. */
                address: `0x${string}`;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderPageView"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAccountOrders: {
        parameters: {
            query?: {
                /** @description Orders on this chain. */
                chainId?: string;
                /** @description Orders of this collection, by its contract or its slug. It needs `chainId`. */
                contract?: `0x${string}` | string;
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
                /** @description Only these sides; repeated. `offer` stands for all three kinds of offers. */
                side?: ("listing" | "offer" | "item_offer" | "collection_offer" | "trait_offer")[];
                /** @description Only these statuses; repeated. */
                status?: components["schemas"]["OrderStatus"][];
            };
            header?: never;
            path: {
                /** @description In any valid casing. */
                address: `0x${string}`;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderPageView"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAccountTokens: {
        parameters: {
            query?: {
                /** @description Tokens on this chain. */
                chainId?: string;
                /** @description Tokens of this collection, by its contract or its slug. It needs `chainId`. */
                contract?: `0x${string}` | string;
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Also show tokens that an operator has marked as spam. */
                includeSpam?: boolean;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
                /** @description This token only. It needs `contract`. */
                tokenId?: string;
            };
            header?: never;
            path: {
                /** @description In any valid casing. */
                address: `0x${string}`;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HeldTokenPage"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    prepareAirdrop: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body return the same intent, for ever; another body is `idempotency_mismatch`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PrepareAirdropBody"];
            };
        };
        responses: {
            /** @description The intent that the same Idempotency-Key made before */
            200: {
                headers: {
                    /** @description The path at which it can be watched. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreparedAnswer"];
                };
            };
            /** @description Successful Response */
            201: {
                headers: {
                    /** @description The path at which it can be watched. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreparedAnswer"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `unknown_chain`, `call_reverted`, `insufficient_funds`, `idempotency_mismatch`, `unknown_collection`, `not_eligible`, `missing_metadata` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    publishAllowlist: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PublishAllowlistBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AllowlistBody"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    prepareApprove: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body return the same intent, for ever; another body is `idempotency_mismatch`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PrepareApproveBody"];
            };
        };
        responses: {
            /** @description The intent that the same Idempotency-Key made before, or `satisfied` and no intent: it is so already */
            200: {
                headers: {
                    /** @description The path at which it can be watched. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreparedAnswer"] | components["schemas"]["SatisfiedAnswer"];
                };
            };
            /** @description Successful Response */
            201: {
                headers: {
                    /** @description The path at which it can be watched. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreparedAnswer"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `contract_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `unknown_chain`, `call_reverted`, `insufficient_funds`, `idempotency_mismatch`, `not_a_collection`, `unknown_collection`, `unknown_currency`, `operator_unknown` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    issueNonce: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NonceBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NonceAnswer"];
                };
            };
            /** @description `domain_not_allowed`, `unknown_chain`, `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    refreshSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefreshBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenAnswer"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSessions: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionPage"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description One of `GET /v1/auth/sessions`. */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifyBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenAnswer"];
                };
            };
            /** @description `invalid_message`, `invalid_signature`, `invalid_nonce`, `expired_nonce` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `account_closed`, `account_deleting` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_message` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_message`, `unknown_chain` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    prepareCancel: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body return the same intent, for ever; another body is `idempotency_mismatch`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PrepareCancelBody"];
            };
        };
        responses: {
            /** @description The intent that the same Idempotency-Key made before, or `satisfied` and no intent: it is so already */
            200: {
                headers: {
                    /** @description The path at which it can be watched. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreparedAnswer"] | components["schemas"]["SatisfiedAnswer"];
                };
            };
            /** @description Successful Response */
            201: {
                headers: {
                    /** @description The path at which it can be watched. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreparedAnswer"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `unknown_chain`, `call_reverted`, `insufficient_funds`, `idempotency_mismatch` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listChains: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChainPage"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCollections: {
        parameters: {
            query?: {
                /** @description Collections of this chain. */
                chainId?: string;
                /** @description Collections created by this account. */
                creator?: `0x${string}`;
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
                /** @description The default is `desc`, but `asc` by floor. */
                order?: "asc" | "desc";
                /** @description Collections whose contract this account owns now. */
                owner?: `0x${string}`;
                /** @description Words of name or symbol. The last may be the beginning of one. */
                q?: string;
                /** @description `newest` is the same as `recent`. `floor` lists only collections that have one. */
                sort?: "recent" | "newest" | "volume" | "floor" | "items";
                /** @description Collections of this standard. */
                standard?: components["schemas"]["Standard"];
                /** @description Only verified collections, or only the others. */
                verified?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CollectionPage"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCollection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description CAIP-2. */
                chainId: string;
                /** @description The contract, in any valid casing (a wrong EIP-55 checksum is refused), or the slug. */
                contract: `0x${string}` | string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CollectionBody"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCollectionActivity: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
                /** @description From this time on. On chain it is the time of the block. */
                since?: string;
                /** @description Movements that do not fit what was so before them, or that nobody is known to have allowed: `include`, `exclude`, or `only`. By default the activity of an account leaves them out, that of a collection or a token includes them. */
                suspicious?: "include" | "exclude" | "only";
                /** @description Only these types; repeated. */
                type?: ("listed" | "offer" | "sale" | "transfer" | "mint" | "burn")[];
                /** @description Before this time. */
                until?: string;
            };
            header?: never;
            path: {
                /** @description CAIP-2. */
                chainId: string;
                /** @description The contract, in any valid casing (a wrong EIP-55 checksum is refused), or the slug. */
                contract: `0x${string}` | string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActivityPage"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getChart: {
        parameters: {
            query?: {
                /** @description The width of a bar. Days are of UTC, weeks begin on Monday. */
                interval?: components["schemas"]["Interval"];
                /** @description From the interval on that this time is in. By default 100 bars before `until`. */
                since?: string;
                /** @description Before this time. By default now. */
                until?: string;
            };
            header?: never;
            path: {
                /** @description CAIP-2. */
                chainId: string;
                /** @description The contract, in any valid casing (a wrong EIP-55 checksum is refused), or the slug. */
                contract: `0x${string}` | string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChartView"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEligibility: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description In any valid casing. */
                address: `0x${string}`;
                /** @description CAIP-2. */
                chainId: string;
                /** @description The contract, in any valid casing (a wrong EIP-55 checksum is refused), or the slug. */
                contract: `0x${string}` | string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EligibilityBody"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getFloor: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description CAIP-2. */
                chainId: string;
                /** @description The contract, in any valid casing (a wrong EIP-55 checksum is refused), or the slug. */
                contract: `0x${string}` | string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FloorView"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listHolders: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
                /** @description Holders of this token only. */
                tokenId?: string;
            };
            header?: never;
            path: {
                /** @description CAIP-2. */
                chainId: string;
                /** @description The contract, in any valid casing (a wrong EIP-55 checksum is refused), or the slug. */
                contract: `0x${string}` | string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HolderPage"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getImport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description CAIP-2. */
                chainId: string;
                /** @description The contract, in any valid casing (a wrong EIP-55 checksum is refused), or the slug. */
                contract: `0x${string}` | string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportAnswer"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listOffers: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description CAIP-2. */
                chainId: string;
                /** @description The contract, in any valid casing (a wrong EIP-55 checksum is refused), or the slug. */
                contract: `0x${string}` | string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DepthPage"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listOwners: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description CAIP-2. */
                chainId: string;
                /** @description The contract, in any valid casing (a wrong EIP-55 checksum is refused), or the slug. */
                contract: `0x${string}` | string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnerPage"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCollectionRefresh: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description CAIP-2. */
                chainId: string;
                /** @description The contract, in any valid casing (a wrong EIP-55 checksum is refused), or the slug. */
                contract: `0x${string}` | string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProgressBody"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    refreshCollectionMetadata: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description CAIP-2. */
                chainId: string;
                /** @description The contract, in any valid casing (a wrong EIP-55 checksum is refused), or the slug. */
                contract: `0x${string}` | string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Asked */
            202: {
                headers: {
                    /** @description The path at which it can be watched. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProgressBody"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSales: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description CAIP-2. */
                chainId: string;
                /** @description The contract, in any valid casing (a wrong EIP-55 checksum is refused), or the slug. */
                contract: `0x${string}` | string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SalePage"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getStats: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description CAIP-2. */
                chainId: string;
                /** @description The contract, in any valid casing (a wrong EIP-55 checksum is refused), or the slug. */
                contract: `0x${string}` | string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatsBody"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTokens: {
        parameters: {
            query?: {
                /** @description Only burned tokens, or only others. */
                burned?: boolean;
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Also show tokens that an operator has marked as spam. */
                includeSpam?: boolean;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
                /** @description Tokens that are for sale, or that are not. */
                listed?: boolean;
                /** @description Of the cheapest listing, in the native currency. Inclusive. */
                maxPrice?: string;
                /** @description By OpenRarity; 1 is the rarest. Inclusive. */
                maxRank?: number;
                /** @description Of the cheapest listing, in the native currency. Inclusive. */
                minPrice?: string;
                /** @description By OpenRarity; 1 is the rarest. Inclusive. */
                minRank?: number;
                /** @description `false` leaves out tokens that an operator has marked. */
                nsfw?: boolean;
                /** @description The default is `asc`, but `desc` by `recent`. */
                order?: "asc" | "desc";
                /** @description Tokens that this account holds. */
                owner?: `0x${string}`;
                /** @description Words of the name. The last may be the beginning of one. */
                q?: string;
                /** @description `rank` and `price` list only tokens that have one. `recent` is by the time of the mint. */
                sort?: "number" | "rank" | "price" | "recent";
                /** @description `name:value`, repeated. Values of one trait are alternatives, several traits must all hold. */
                trait?: string[];
                /** @description `name:low..high`, repeated; inclusive, either end may be left out. Dates in seconds since 1970, as answers show them, or in RFC 3339. */
                traitRange?: string[];
            };
            header?: never;
            path: {
                /** @description CAIP-2. */
                chainId: string;
                /** @description The contract, in any valid casing (a wrong EIP-55 checksum is refused), or the slug. */
                contract: `0x${string}` | string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenPage"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description CAIP-2. */
                chainId: string;
                /** @description The contract, in any valid casing (a wrong EIP-55 checksum is refused), or the slug. */
                contract: `0x${string}` | string;
                /** @description Decimal, below 2^256. */
                tokenId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenDetailBody"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTokenActivity: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
                /** @description From this time on. On chain it is the time of the block. */
                since?: string;
                /** @description Movements that do not fit what was so before them, or that nobody is known to have allowed: `include`, `exclude`, or `only`. By default the activity of an account leaves them out, that of a collection or a token includes them. */
                suspicious?: "include" | "exclude" | "only";
                /** @description Only these types; repeated. */
                type?: ("listed" | "offer" | "sale" | "transfer" | "mint" | "burn")[];
                /** @description Before this time. */
                until?: string;
            };
            header?: never;
            path: {
                /** @description CAIP-2. */
                chainId: string;
                /** @description The contract, in any valid casing (a wrong EIP-55 checksum is refused), or the slug. */
                contract: `0x${string}` | string;
                /** @description Decimal, below 2^256. */
                tokenId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActivityPage"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTokenHolders: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description CAIP-2. */
                chainId: string;
                /** @description The contract, in any valid casing (a wrong EIP-55 checksum is refused), or the slug. */
                contract: `0x${string}` | string;
                /** @description Decimal, below 2^256. */
                tokenId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HolderPage"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTokenOrders: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
                /** @description `listing`: what the token is for sale for, the cheapest first. `offer`: what its owner could accept, the highest first: offers for it, for any token of its collection, and for a set that has it. */
                side?: "listing" | "offer";
            };
            header?: never;
            path: {
                /** @description CAIP-2. */
                chainId: string;
                /** @description The contract, in any valid casing (a wrong EIP-55 checksum is refused), or the slug. */
                contract: `0x${string}` | string;
                /** @description Decimal, below 2^256. */
                tokenId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderPageView"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTokenRefresh: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description CAIP-2. */
                chainId: string;
                /** @description The contract, in any valid casing (a wrong EIP-55 checksum is refused), or the slug. */
                contract: `0x${string}` | string;
                /** @description Decimal, below 2^256. */
                tokenId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProgressBody"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    refreshTokenMetadata: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description CAIP-2. */
                chainId: string;
                /** @description The contract, in any valid casing (a wrong EIP-55 checksum is refused), or the slug. */
                contract: `0x${string}` | string;
                /** @description Decimal, below 2^256. */
                tokenId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Asked */
            202: {
                headers: {
                    /** @description The path at which it can be watched. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProgressBody"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTransfers: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description CAIP-2. */
                chainId: string;
                /** @description The contract, in any valid casing (a wrong EIP-55 checksum is refused), or the slug. */
                contract: `0x${string}` | string;
                /** @description Decimal, below 2^256. */
                tokenId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActivityPage"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTraits: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description CAIP-2. */
                chainId: string;
                /** @description The contract, in any valid casing (a wrong EIP-55 checksum is refused), or the slug. */
                contract: `0x${string}` | string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TraitPage"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    importCollection: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImportBody"];
            };
        };
        responses: {
            /** @description Under way */
            202: {
                headers: {
                    /** @description The path at which it can be watched. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportAnswer"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `contract_not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `already_in_catalog` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `unknown_chain`, `not_a_collection` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited`, `too_many_imports` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    prepareCollection: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body return the same intent, for ever; another body is `idempotency_mismatch`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PrepareCollectionBody"];
            };
        };
        responses: {
            /** @description The intent that the same Idempotency-Key made before */
            200: {
                headers: {
                    /** @description The path at which it can be watched. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreparedAnswer"];
                };
            };
            /** @description Successful Response */
            201: {
                headers: {
                    /** @description The path at which it can be watched. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreparedAnswer"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `unknown_chain`, `call_reverted`, `insufficient_funds`, `idempotency_mismatch`, `unknown_media`, `unreadable_media` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable`, `not_pinned` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listEvents: {
        parameters: {
            query: {
                /** @description The number behind which to begin: the last one before a gap. */
                after?: number;
                /** @description Events per answer, 1 to 1000. */
                limit?: number;
                /** @description Whose events. */
                webhookId: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventPage"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listIntents: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Only intents of this kind. */
                kind?: components["schemas"]["IntentKind"];
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
                /** @description Only intents of this status. */
                status?: components["schemas"]["IntentStatus"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IntentPage"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getIntent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description As `prepare` returned it. */
                intentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IntentView"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    streamIntent: {
        parameters: {
            query?: never;
            header?: {
                /** @description The last `id` that was seen; browsers send it by themselves. */
                "Last-Event-ID"?: string;
            };
            path: {
                /** @description As `prepare` returned it. */
                intentId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /**
             * @description One event per step, `id` counting from 1 without gaps; ends after a final step. The schema is that of `data`: the intent, as `GET` shows it. 204 without a body if the intent has ended and `Last-Event-ID` names its last step: do not reconnect.
             *
             *     ```
             *     retry: 2000
             *
             *     id: 2
             *     event: status
             *     data: {"intentId": "6f1c...", "kind": "mint", "status": "pending", "step": "tracked", "txHash": "0xabab..."}
             *     ```
             */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["IntentView"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    trackIntent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description As `prepare` returned it. */
                intentId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TrackBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IntentView"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `hash_already_tracked`, `intent_final`, `conflict` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `not_owner`, `transaction_mismatch` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeBody"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeletionBody"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `account_closed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MeChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeBody"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `username_taken`, `username_changed_recently` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `unknown_media` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listApprovals: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StandingApprovalPage"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listApprovalHistory: {
        parameters: {
            query?: {
                /** @description CAIP-2. */
                chainId?: string;
                /** @description Of the tokens, or their collection's slug, or of the currency. A slug needs `chainId`. */
                contract?: `0x${string}` | string;
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
                /** @description Who may, or might, move them. */
                operator?: `0x${string}`;
                /** @description One of your wallets. */
                wallet?: `0x${string}`;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalHistoryPage"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listBlocks: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserPage"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getExport: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExportBody"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    askForExport: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExportBody"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    downloadExport: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A zip file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": unknown;
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSecurityEvents: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecurityEventPage"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWallets: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WalletPage"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    linkWallet: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinkBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WalletBody"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `recent_sign_in_needed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `wallet_is_primary`, `wallet_linked_elsewhere`, `conflict` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_message` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_message`, `invalid_signature`, `invalid_nonce`, `expired_nonce`, `unknown_chain`, `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unlinkWallet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Of the wallet; all its chains are meant. */
                address: `0x${string}`;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `last_wallet` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    labelWallet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Of the wallet; all its chains are meant. */
                address: `0x${string}`;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WalletChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWalletActivity: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Of the wallet; all its chains are meant. */
                address: `0x${string}`;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WalletActivityPage"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    makePrimary: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Of the wallet; all its chains are meant. */
                address: `0x${string}`;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWalletVerifications: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Of the wallet; all its chains are meant. */
                address: `0x${string}`;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WalletVerificationPage"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    issueLinkNonce: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NonceBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NonceAnswer"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `recent_sign_in_needed` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `domain_not_allowed`, `unknown_chain`, `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listMedia: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Only assets of this kind. */
                kind?: "image" | "animation" | "document" | "directory";
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MediaPageBody"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploadMedia: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description One field, and nothing else. The file's name and declared type are ignored. */
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** Format: binary */
                    file: Blob;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MediaBody"];
                };
            };
            /** @description Successful Response */
            201: {
                headers: {
                    /** @description The path at which it can be watched. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MediaBody"];
                };
            };
            /** @description `upload_interrupted` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `media_too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `unsupported_media`, `media_refused` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMedia: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description SHA-256 of the stored bytes. The same picture has the same id for every user. */
                mediaId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MediaBody"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    publishMetadata: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PublishBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MetadataSetAnswer"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `unknown_media`, `unreadable_media` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_pinned`, `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    prepareMint: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body return the same intent, for ever; another body is `idempotency_mismatch`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PrepareMintBody"];
            };
        };
        responses: {
            /** @description The intent that the same Idempotency-Key made before */
            200: {
                headers: {
                    /** @description The path at which it can be watched. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreparedAnswer"];
                };
            };
            /** @description Successful Response */
            201: {
                headers: {
                    /** @description The path at which it can be watched. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreparedAnswer"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `unknown_chain`, `call_reverted`, `insufficient_funds`, `idempotency_mismatch`, `unknown_collection`, `not_eligible`, `missing_metadata` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listOrders: {
        parameters: {
            query?: {
                /** @description Orders on this chain. */
                chainId?: string;
                /** @description Orders of this collection, by its contract or its slug. It needs `chainId`. */
                contract?: `0x${string}` | string;
                /** @description Orders in this currency. The zero address stands for the chain's own. */
                currency?: `0x${string}`;
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
                /** @description Orders that this account has signed. */
                maker?: `0x${string}`;
                /** @description Of one unit, in whole units of the currency. Inclusive. */
                maxPrice?: string;
                /** @description Of one unit, in whole units of the currency. Inclusive. */
                minPrice?: string;
                /** @description Only these sides; repeated. `offer` stands for all three kinds of offers. */
                side?: ("listing" | "offer" | "item_offer" | "collection_offer" | "trait_offer")[];
                /** @description `price` lists the active orders of one collection: listings, the cheapest first, or offers, the highest first; in `currency`, or without it in those that compare with the chain's own. It needs `contract`, and a `side`. */
                sort?: "newest" | "price";
                /** @description Only these statuses; repeated. */
                status?: components["schemas"]["OrderStatus"][];
                /** @description Orders that this account has filled, also in part: of its last 2,000 fills. */
                taker?: `0x${string}`;
                /** @description Orders for this one token. It needs `contract`. */
                tokenId?: string;
                /** @description `name:value`, repeated: orders for one token that has the trait. Values of one trait are alternatives, several traits must all hold. It needs `contract`. */
                trait?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderPageView"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    handInOrder: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HandInBody"];
            };
        };
        responses: {
            /** @description It was there already */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TakenAnswer"];
                };
            };
            /** @description The order is in the catalog */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TakenAnswer"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `unknown_chain`, `order_refused` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description CAIP-2. */
                chainId: string;
                /** @description The hash of the order in Seaport. */
                orderHash: `0x${string}`;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrderView"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    buildOrders: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BuildBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BuiltAnswer"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `unknown_chain`, `unknown_collection` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    handInOrders: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HandInManyBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TakenManyAnswer"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `unknown_chain` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    streamOrders: {
        parameters: {
            query?: {
                /** @description Events of orders on this chain. */
                chainId?: string;
                /** @description Events of orders of this collection, by its contract or its slug. It needs `chainId`. */
                contract?: `0x${string}` | string;
                /** @description Events of orders that this account has signed. */
                maker?: `0x${string}`;
            };
            header?: {
                /** @description The last `id` that was seen; browsers send it by themselves. */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /**
             * @description One event for each change. `id` grows, and leaves out the numbers of changes that the filters leave out. The opening names the `id` that the stream begins behind, so that a reader that is cut off before the first event misses nothing. The schema is that of `data`.
             *
             *     ```
             *     id: 1041
             *     retry: 2000
             *
             *     id: 1042
             *     event: order
             *     data: {"seq": 1042, "chainId": "eip155:31337", "orderHash": "0x5e5e...", "status": "filled", ...}
             *     ```
             */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["OrderEventView"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    preparePurchase: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body return the same intent, for ever; another body is `idempotency_mismatch`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreparePurchaseBody"];
            };
        };
        responses: {
            /** @description The intent that the same Idempotency-Key made before */
            200: {
                headers: {
                    /** @description The path at which it can be watched. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FillAnswer"];
                };
            };
            /** @description Successful Response */
            201: {
                headers: {
                    /** @description The path at which it can be watched. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FillAnswer"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `unknown_chain`, `call_reverted`, `insufficient_funds`, `idempotency_mismatch`, `unknown_currency`, `orders_unavailable`, `price_moved` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    prepareIssuance: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IssuanceBody"];
            };
        };
        responses: {
            /** @description The issuance that the same request made before */
            200: {
                headers: {
                    /** @description The path at which it can be watched. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuanceAnswer"];
                };
            };
            /** @description Successful Response */
            201: {
                headers: {
                    /** @description The path at which it can be watched. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuanceAnswer"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `unknown_media`, `unreadable_media` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_pinned`, `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getIssuance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Of the preparation. */
                issuanceId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuanceAnswer"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    prepareSale: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body return the same intent, for ever; another body is `idempotency_mismatch`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PrepareSaleBody"];
            };
        };
        responses: {
            /** @description The intent that the same Idempotency-Key made before */
            200: {
                headers: {
                    /** @description The path at which it can be watched. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FillAnswer"];
                };
            };
            /** @description Successful Response */
            201: {
                headers: {
                    /** @description The path at which it can be watched. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FillAnswer"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `unknown_chain`, `call_reverted`, `insufficient_funds`, `idempotency_mismatch`, `unknown_currency`, `orders_unavailable`, `price_moved` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    search: {
        parameters: {
            query: {
                /** @description Also find tokens that an operator has marked as spam. */
                includeSpam?: boolean;
                /** @description What to look for. */
                kind?: "all" | "collections" | "tokens";
                /** @description Most of each kind, 1 to 50. */
                limit?: number;
                /** @description Words of a name. The last may be the beginning of one. */
                q: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchBody"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsBody"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listFungibleTokens: {
        parameters: {
            query?: {
                /** @description Tokens on this chain. */
                chainId?: string;
                /** @description Tokens that this account launched. */
                creator?: `0x${string}`;
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FungiblePage"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getFungibleToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description CAIP-2. */
                chainId: string;
                /** @description In any valid casing. */
                contract: `0x${string}`;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FungibleBody"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listFungibleHolders: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description CAIP-2. */
                chainId: string;
                /** @description In any valid casing. */
                contract: `0x${string}`;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FungibleHolderPage"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listFungibleTransactions: {
        parameters: {
            query?: {
                /** @description Only what came from or went to this account. */
                account?: `0x${string}`;
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
                /** @description Only this type. Not beside `account`. */
                type?: "create" | "mint" | "transfer" | "burn";
            };
            header?: never;
            path: {
                /** @description CAIP-2. */
                chainId: string;
                /** @description In any valid casing. */
                contract: `0x${string}`;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FungibleTransactionPage"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    prepareLaunch: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body return the same intent, for ever; another body is `idempotency_mismatch`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PrepareLaunchBody"];
            };
        };
        responses: {
            /** @description The intent that the same Idempotency-Key made before */
            200: {
                headers: {
                    /** @description The path at which it can be watched. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreparedAnswer"];
                };
            };
            /** @description Successful Response */
            201: {
                headers: {
                    /** @description The path at which it can be watched. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreparedAnswer"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `unknown_chain`, `call_reverted`, `insufficient_funds`, `idempotency_mismatch`, `unknown_media`, `unreadable_media` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable`, `not_pinned` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listUsernames: {
        parameters: {
            query: {
                /** @description Repeated. In any valid casing. */
                address: `0x${string}`[];
                /** @description CAIP-2: where the addresses were seen. A contract's name is told for its own chain only. */
                chainId: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NamesBody"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    searchUsers: {
        parameters: {
            query: {
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
                /** @description What the username begins with, in any casing. */
                prefix: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserPage"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description In any casing. */
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserBody"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    blockUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description In any casing. */
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unblockUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description In any casing. */
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    followUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description In any casing. */
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`, `username_needed` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unfollowUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description In any casing. */
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listFollowers: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description In any casing. */
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserPage"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listFollowing: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description In any casing. */
                username: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserPage"];
                };
            };
            /** @description `If-None-Match` names what the answer would be. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhooks: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookPage"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and body return the same webhook with its secret, for a day; another body is `idempotency_mismatch`. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateWebhookBody"];
            };
        };
        responses: {
            /** @description The webhook that the same Idempotency-Key made before */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewWebhookView"];
                };
            };
            /** @description Made */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewWebhookView"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description One of `GET /v1/webhooks`. */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookView"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description One of `GET /v1/webhooks`. */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description One of `GET /v1/webhooks`. */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeWebhookBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookView"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unknown_collection` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhookDeliveries: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before, with the same filters. Opaque; valid for 24 hours. */
                cursor?: string;
                /** @description Rows per page, 1 to 100; outside of that range is a 422. */
                limit?: number;
                /** @description Only those of this status; `dead` are the dead letters. */
                status?: components["schemas"]["DeliveryStatus"];
            };
            header?: never;
            path: {
                /** @description One of `GET /v1/webhooks`. */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryPage"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input`, `invalid_cursor` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replayWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description One of `GET /v1/webhooks`. */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplayBody"];
            };
        };
        responses: {
            /** @description They will be sent */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayView"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description One of `GET /v1/webhooks`. */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RotateBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretView"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description One of `GET /v1/webhooks`. */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It will be sent */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SentTestView"];
                };
            };
            /** @description `unauthorized` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `invalid_input` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rate_limited` */
            429: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `upstream_unavailable` */
            503: {
                headers: {
                    /** @description Seconds */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What may happen to any request: `method_not_allowed` (405), `request_timeout` (408), `too_large` (413), `rate_limited` (429), `headers_too_large` (431), `internal_error` (500). */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    onAuthUserLoggedIn: {
        parameters: {
            query?: never;
            header: {
                /** @description The same each time that the event is sent: the `id` of the body. */
                "webhook-id": string;
                /** @description `v1,` and HMAC-SHA256 in base64 of `{id}.{timestamp}.{body}`; two, with a space between, while one secret replaces another. */
                "webhook-signature": string;
                /** @description When it was sent, in seconds since 1970. Refuse what is older than five minutes. */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserLoggedInMessage"];
            };
        };
        responses: {
            /** @description Taken. What the answer says is not read. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onCollectionsDomainUpserted: {
        parameters: {
            query?: never;
            header: {
                /** @description The same each time that the event is sent: the `id` of the body. */
                "webhook-id": string;
                /** @description `v1,` and HMAC-SHA256 in base64 of `{id}.{timestamp}.{body}`; two, with a space between, while one secret replaces another. */
                "webhook-signature": string;
                /** @description When it was sent, in seconds since 1970. Refuse what is older than five minutes. */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CollectionUpsertedMessage"];
            };
        };
        responses: {
            /** @description Taken. What the answer says is not read. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onCollectionsEventsCreated: {
        parameters: {
            query?: never;
            header: {
                /** @description The same each time that the event is sent: the `id` of the body. */
                "webhook-id": string;
                /** @description `v1,` and HMAC-SHA256 in base64 of `{id}.{timestamp}.{body}`; two, with a space between, while one secret replaces another. */
                "webhook-signature": string;
                /** @description When it was sent, in seconds since 1970. Refuse what is older than five minutes. */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CollectionCreatedMessage"];
            };
        };
        responses: {
            /** @description Taken. What the answer says is not read. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onIntentsEventsStepped: {
        parameters: {
            query?: never;
            header: {
                /** @description The same each time that the event is sent: the `id` of the body. */
                "webhook-id": string;
                /** @description `v1,` and HMAC-SHA256 in base64 of `{id}.{timestamp}.{body}`; two, with a space between, while one secret replaces another. */
                "webhook-signature": string;
                /** @description When it was sent, in seconds since 1970. Refuse what is older than five minutes. */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IntentSteppedMessage"];
            };
        };
        responses: {
            /** @description Taken. What the answer says is not read. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onMintsDomainUpserted: {
        parameters: {
            query?: never;
            header: {
                /** @description The same each time that the event is sent: the `id` of the body. */
                "webhook-id": string;
                /** @description `v1,` and HMAC-SHA256 in base64 of `{id}.{timestamp}.{body}`; two, with a space between, while one secret replaces another. */
                "webhook-signature": string;
                /** @description When it was sent, in seconds since 1970. Refuse what is older than five minutes. */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MintUpsertedMessage"];
            };
        };
        responses: {
            /** @description Taken. What the answer says is not read. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onMintsEventsMinted: {
        parameters: {
            query?: never;
            header: {
                /** @description The same each time that the event is sent: the `id` of the body. */
                "webhook-id": string;
                /** @description `v1,` and HMAC-SHA256 in base64 of `{id}.{timestamp}.{body}`; two, with a space between, while one secret replaces another. */
                "webhook-signature": string;
                /** @description When it was sent, in seconds since 1970. Refuse what is older than five minutes. */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MintedMessage"];
            };
        };
        responses: {
            /** @description Taken. What the answer says is not read. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onOrdersEventsChanged: {
        parameters: {
            query?: never;
            header: {
                /** @description The same each time that the event is sent: the `id` of the body. */
                "webhook-id": string;
                /** @description `v1,` and HMAC-SHA256 in base64 of `{id}.{timestamp}.{body}`; two, with a space between, while one secret replaces another. */
                "webhook-signature": string;
                /** @description When it was sent, in seconds since 1970. Refuse what is older than five minutes. */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OrderChangedMessage"];
            };
        };
        responses: {
            /** @description Taken. What the answer says is not read. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onSalesEventsSold: {
        parameters: {
            query?: never;
            header: {
                /** @description The same each time that the event is sent: the `id` of the body. */
                "webhook-id": string;
                /** @description `v1,` and HMAC-SHA256 in base64 of `{id}.{timestamp}.{body}`; two, with a space between, while one secret replaces another. */
                "webhook-signature": string;
                /** @description When it was sent, in seconds since 1970. Refuse what is older than five minutes. */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SoldMessage"];
            };
        };
        responses: {
            /** @description Taken. What the answer says is not read. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onTokensEventsLaunched: {
        parameters: {
            query?: never;
            header: {
                /** @description The same each time that the event is sent: the `id` of the body. */
                "webhook-id": string;
                /** @description `v1,` and HMAC-SHA256 in base64 of `{id}.{timestamp}.{body}`; two, with a space between, while one secret replaces another. */
                "webhook-signature": string;
                /** @description When it was sent, in seconds since 1970. Refuse what is older than five minutes. */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenLaunchedMessage"];
            };
        };
        responses: {
            /** @description Taken. What the answer says is not read. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onTransfersEventsTransferred: {
        parameters: {
            query?: never;
            header: {
                /** @description The same each time that the event is sent: the `id` of the body. */
                "webhook-id": string;
                /** @description `v1,` and HMAC-SHA256 in base64 of `{id}.{timestamp}.{body}`; two, with a space between, while one secret replaces another. */
                "webhook-signature": string;
                /** @description When it was sent, in seconds since 1970. Refuse what is older than five minutes. */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TransferredMessage"];
            };
        };
        responses: {
            /** @description Taken. What the answer says is not read. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onWalletLinked: {
        parameters: {
            query?: never;
            header: {
                /** @description The same each time that the event is sent: the `id` of the body. */
                "webhook-id": string;
                /** @description `v1,` and HMAC-SHA256 in base64 of `{id}.{timestamp}.{body}`; two, with a space between, while one secret replaces another. */
                "webhook-signature": string;
                /** @description When it was sent, in seconds since 1970. Refuse what is older than five minutes. */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WalletLinkedMessage"];
            };
        };
        responses: {
            /** @description Taken. What the answer says is not read. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onWalletPrimaryChanged: {
        parameters: {
            query?: never;
            header: {
                /** @description The same each time that the event is sent: the `id` of the body. */
                "webhook-id": string;
                /** @description `v1,` and HMAC-SHA256 in base64 of `{id}.{timestamp}.{body}`; two, with a space between, while one secret replaces another. */
                "webhook-signature": string;
                /** @description When it was sent, in seconds since 1970. Refuse what is older than five minutes. */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PrimaryWalletChangedMessage"];
            };
        };
        responses: {
            /** @description Taken. What the answer says is not read. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onWalletUnlinked: {
        parameters: {
            query?: never;
            header: {
                /** @description The same each time that the event is sent: the `id` of the body. */
                "webhook-id": string;
                /** @description `v1,` and HMAC-SHA256 in base64 of `{id}.{timestamp}.{body}`; two, with a space between, while one secret replaces another. */
                "webhook-signature": string;
                /** @description When it was sent, in seconds since 1970. Refuse what is older than five minutes. */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WalletUnlinkedMessage"];
            };
        };
        responses: {
            /** @description Taken. What the answer says is not read. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onWebhookPaused: {
        parameters: {
            query?: never;
            header: {
                /** @description The same each time that the event is sent: the `id` of the body. */
                "webhook-id": string;
                /** @description `v1,` and HMAC-SHA256 in base64 of `{id}.{timestamp}.{body}`; two, with a space between, while one secret replaces another. */
                "webhook-signature": string;
                /** @description When it was sent, in seconds since 1970. Refuse what is older than five minutes. */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookPausedMessage"];
            };
        };
        responses: {
            /** @description Taken. What the answer says is not read. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onWebhookTest: {
        parameters: {
            query?: never;
            header: {
                /** @description The same each time that the event is sent: the `id` of the body. */
                "webhook-id": string;
                /** @description `v1,` and HMAC-SHA256 in base64 of `{id}.{timestamp}.{body}`; two, with a space between, while one secret replaces another. */
                "webhook-signature": string;
                /** @description When it was sent, in seconds since 1970. Refuse what is older than five minutes. */
                "webhook-timestamp": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookTestMessage"];
            };
        };
        responses: {
            /** @description Taken. What the answer says is not read. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}

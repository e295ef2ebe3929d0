// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Who may mint, when, how many and at what price. Zero means "no such rule".
struct MintConfig {
    uint128 price; // wei per token
    uint64 startTime; // unix seconds, inclusive
    uint64 endTime; // unix seconds, exclusive
    uint32 limitPerWallet; // total quantity one msg.sender may ever mint
    bytes32 allowlistRoot; // OpenZeppelin StandardMerkleTree over ["address"]
}

/// @notice Everything a collection is born with. It is emitted whole by the factory.
struct CollectionInit {
    address owner;
    string name;
    string symbol;
    string baseURI; // ERC-721: prefix of tokenURI; ERC-1155: template with {id}
    string contractURI; // ERC-7572
    uint256 maxSupply; // ERC-721: of the collection; ERC-1155: of each token id; 0 = open edition
    uint96 royaltyBps; // EIP-2981, 10000 = the whole price
    address royaltyReceiver;
    address payout; // receiver of the mint revenue
    MintConfig mint;
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Everything a fungible token is born with. It is emitted whole by the factory.
struct TokenInit {
    address owner; // may mint more; zero: nobody ever may, and the token has no owner
    address recipient; // of the supply
    string name;
    string symbol;
    uint8 decimals;
    uint256 supply; // minted at launch, in the smallest unit
    uint256 cap; // total supply is never above it; 0 = no cap
    bool burnable; // holders may burn what they hold
    bool permit; // EIP-2612
    string contractURI; // ERC-7572
}

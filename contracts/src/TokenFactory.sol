// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {TokenInit} from "./TokenTypes.sol";

interface IFungibleToken {
    function initialize(TokenInit calldata init) external;
}

/// @title Launches ERC-20 tokens as EIP-1167 clones at addresses known before the transaction is signed.
/// @notice The CREATE2 salt binds chain, creator and the creator's own salt, as in `CollectionFactory`. It has no
/// owner and no setters; a new implementation means a new factory.
contract TokenFactory {
    /// @notice Emitted before the token's own first events, so that an indexer meets the birth first.
    event TokenLaunched(
        address indexed token,
        address indexed creator,
        bytes32 indexed salt,
        address implementation,
        TokenInit init
    );

    error NotAContract(address implementation);

    /// @notice What is cloned.
    address public immutable implementation;

    constructor(address implementation_) {
        if (implementation_.code.length == 0) revert NotAContract(implementation_);
        implementation = implementation_;
    }

    /// @notice Creates and initialises a token in one transaction.
    function launchToken(bytes32 salt, TokenInit calldata init) external returns (address token) {
        token = Clones.cloneDeterministic(implementation, _boundSalt(msg.sender, salt));
        emit TokenLaunched(token, msg.sender, salt, implementation, init);
        IFungibleToken(token).initialize(init);
    }

    /// @notice The exact address `launchToken` gives to `creator`, whatever the rest of its input.
    function predict(address creator, bytes32 salt) external view returns (address) {
        return Clones.predictDeterministicAddress(implementation, _boundSalt(creator, salt));
    }

    function _boundSalt(address creator, bytes32 salt) private view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, creator, salt));
    }
}

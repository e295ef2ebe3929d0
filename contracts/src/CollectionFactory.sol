// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {CollectionInit} from "./Types.sol";

interface ICollection {
    function initialize(CollectionInit calldata init) external;
}

/// @title Births collections as EIP-1167 clones at addresses known before the transaction is signed.
/// @notice The CREATE2 salt binds chain, creator, kind and the creator's own salt: nobody can take another
/// creator's address, and the same salt gives another address on another chain. It has no owner and no
/// setters; a new implementation means a new factory.
contract CollectionFactory {
    /// @notice Emitted before the collection's own first events, so that an indexer meets the birth first.
    event CollectionCreated(
        address indexed collection,
        address indexed creator,
        bytes32 indexed salt,
        uint8 kind,
        address implementation,
        CollectionInit init
    );

    error UnknownKind(uint8 kind);
    error NotAContract(address implementation);

    uint8 private constant KIND_ERC721 = 0;
    uint8 private constant KIND_ERC1155 = 1;

    address private immutable _implementation721;
    address private immutable _implementation1155;

    constructor(address implementation721, address implementation1155) {
        if (implementation721.code.length == 0) revert NotAContract(implementation721);
        if (implementation1155.code.length == 0) revert NotAContract(implementation1155);
        _implementation721 = implementation721;
        _implementation1155 = implementation1155;
    }

    /// @notice Creates and initialises a collection of `kind` (0 = ERC-721, 1 = ERC-1155) in one transaction.
    function createCollection(uint8 kind, bytes32 salt, CollectionInit calldata init)
        external
        returns (address collection)
    {
        address implementation = implementationOf(kind);
        collection = Clones.cloneDeterministic(implementation, _boundSalt(msg.sender, kind, salt));
        emit CollectionCreated(collection, msg.sender, salt, kind, implementation, init);
        ICollection(collection).initialize(init);
    }

    /// @notice The exact address `createCollection` gives to `creator`, whatever the rest of its input.
    function predict(address creator, uint8 kind, bytes32 salt) external view returns (address) {
        return Clones.predictDeterministicAddress(implementationOf(kind), _boundSalt(creator, kind, salt));
    }

    function implementationOf(uint8 kind) public view returns (address) {
        if (kind == KIND_ERC721) return _implementation721;
        if (kind == KIND_ERC1155) return _implementation1155;
        revert UnknownKind(kind);
    }

    function _boundSalt(address creator, uint8 kind, bytes32 salt) private view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, creator, kind, salt));
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CollectionInit} from "../src/Types.sol";

/// @title Emits the factory's event for anything: an indexer must not believe it.
contract LookAlikeFactory {
    event CollectionCreated(
        address indexed collection,
        address indexed creator,
        bytes32 indexed salt,
        uint8 kind,
        address implementation,
        CollectionInit init
    );

    function forge(
        address collection,
        address creator,
        bytes32 salt,
        uint8 kind,
        address implementation,
        CollectionInit calldata init
    ) external {
        emit CollectionCreated(collection, creator, salt, kind, implementation, init);
    }
}

/// @title Emits arbitrary logs: 0 to 4 topics, any data.
contract LogForge {
    error TooManyTopics(uint256 count);

    struct Log {
        bytes32[] topics;
        bytes data;
    }

    function emitLog(bytes32[] calldata topics, bytes calldata data) external {
        _emit(topics, data);
    }

    function emitLogs(Log[] calldata logs) external {
        for (uint256 i = 0; i < logs.length; ++i) {
            _emit(logs[i].topics, logs[i].data);
        }
    }

    function _emit(bytes32[] calldata topics, bytes calldata data) private {
        uint256 count = topics.length;
        if (count > 4) revert TooManyTopics(count);
        bytes32 t0 = count > 0 ? topics[0] : bytes32(0);
        bytes32 t1 = count > 1 ? topics[1] : bytes32(0);
        bytes32 t2 = count > 2 ? topics[2] : bytes32(0);
        bytes32 t3 = count > 3 ? topics[3] : bytes32(0);
        assembly ("memory-safe") {
            let start := mload(0x40)
            calldatacopy(start, data.offset, data.length)
            switch count
            case 0 { log0(start, data.length) }
            case 1 { log1(start, data.length, t0) }
            case 2 { log2(start, data.length, t0, t1) }
            case 3 { log3(start, data.length, t0, t1, t2) }
            default { log4(start, data.length, t0, t1, t2, t3) }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Answers every call with its own calldata, which for isValidSignature begins with the magic value.
contract Echo {
    fallback() external payable {
        assembly ("memory-safe") {
            let start := mload(0x40)
            calldatacopy(start, 0, calldatasize())
            return(start, calldatasize())
        }
    }
}

/// @title Burns all gas it is given.
contract EndlessLoop {
    fallback() external payable {
        assembly ("memory-safe") {
            for {} 1 {} {}
        }
    }
}

/// @title Hits the INVALID opcode.
contract InvalidOpcode {
    fallback() external payable {
        assembly ("memory-safe") {
            invalid()
        }
    }
}

/// @title Reverts with one MiB of data (about 2.2 million gas for the memory).
contract HugeRevert {
    fallback() external payable {
        assembly ("memory-safe") {
            revert(mload(0x40), 0x100000)
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Makes many calls, each to a contract of its own, within one `eth_call`.
/// @notice Never deployed. Its creation code runs without a recipient; nothing is stored and no value moves.
/// @dev The answers come as the data of a revert. What a constructor returns is taken for code: nodes refuse more than
/// 24,576 bytes of it (EIP-170) or a first byte of 0xEF (EIP-3541), and charge 200 gas for each.
///
/// Each call is the address of its target, 20 bytes, and the calldata. Without calldata the answer is the size of the
/// target's code, 32 bytes.
///
/// For each call: one byte (0 refused, 1 answered, 2 answered with more than `maxAnswer` bytes, 3 failed with its gas
/// used up), the length of what follows in four bytes, and the answer where there is one. The reasons of failures are
/// not given.
contract Multicall {
    constructor(uint256 maxAnswer, bytes[] memory calls) {
        assembly ("memory-safe") {
            let answers := mload(0x40)
            let end := answers
            let count := mload(calls)
            for { let i := 0 } lt(i, count) { i := add(i, 1) } {
                let data := mload(add(add(calls, 32), shl(5, i)))
                let target := shr(96, mload(add(data, 32)))
                let length := sub(mload(data), 20)
                if iszero(length) {
                    mstore8(end, 1)
                    mstore(add(end, 1), shl(224, 32))
                    mstore(add(end, 5), extcodesize(target))
                    end := add(end, 37)
                    continue
                }
                // An equal share of what is left, and one for the answers: who burns theirs takes nobody else's.
                let share := div(gas(), add(sub(count, i), 1))
                let before := gas()
                let status := staticcall(share, target, add(data, 52), length, 0, 0)
                let used := sub(before, gas())
                let size := mul(status, returndatasize())
                // Who makes a call that runs out of gas has a 64th left to refuse with (EIP-150).
                if and(iszero(status), gt(used, sub(share, shr(5, share)))) { status := 3 }
                if gt(size, maxAnswer) {
                    status := 2
                    size := 0
                }
                mstore8(end, status)
                mstore(add(end, 1), shl(224, size))
                returndatacopy(add(end, 5), 0, size)
                end := add(add(end, 5), size)
            }
            revert(answers, sub(end, answers))
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TestWallet1271} from "./TestWallet1271.sol";

/// @title Deploys TestWallet1271 by CREATE2, for counterfactual (ERC-6492) sign-in.
contract TestWalletFactory {
    function deploy(address owner, bytes32 salt) external returns (address) {
        return address(new TestWallet1271{salt: salt}(owner));
    }

    function predict(address owner, bytes32 salt) external view returns (address) {
        bytes32 codeHash = keccak256(abi.encodePacked(type(TestWallet1271).creationCode, abi.encode(owner)));
        bytes32 digest = keccak256(abi.encodePacked(bytes1(0xff), address(this), salt, codeHash));
        return address(uint160(uint256(digest)));
    }
}

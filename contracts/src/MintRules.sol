// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {MintConfig} from "./Types.sol";

/// @title The rules of a public mint: window, allowlist, wallet limit, exact price.
/// @notice They bind everyone, the owner too, so that what the catalog shows is what holds.
abstract contract MintRules {
    event MintConfigSet(MintConfig config);

    error InvalidMintWindow(uint64 startTime, uint64 endTime);
    error MintNotStarted(uint64 startTime);
    error MintEnded(uint64 endTime);
    error NotAllowlisted();
    error WalletLimitExceeded(uint256 wanted, uint256 left);
    error WrongPayment(uint256 sent, uint256 due);
    error ZeroQuantity();

    MintConfig private _config;

    /// @notice The rules in force now.
    function mintConfig() external view returns (MintConfig memory) {
        return _config;
    }

    /// @notice Quantity `wallet` has minted under the rules (as msg.sender, whoever received it).
    /// Airdrops do not count.
    function mintedBy(address wallet) public view virtual returns (uint256);

    /// @dev Stores a new `mintedBy(wallet)`.
    function _recordMinted(address wallet, uint256 total) internal virtual;

    /// @dev A window that can never open is refused: it is a mistake; `pause` is how a mint is stopped.
    function _setMintConfig(MintConfig memory config) internal {
        if (config.endTime != 0 && config.endTime <= config.startTime) {
            revert InvalidMintWindow(config.startTime, config.endTime);
        }
        _config = config;
        emit MintConfigSet(config);
    }

    /// @dev Checks every rule for msg.sender and counts the quantity, before anything outside is called.
    /// @return due the payment in wei, equal to msg.value.
    function _admit(uint256 quantity, bytes32[] calldata proof) internal returns (uint256 due) {
        MintConfig memory config = _config;
        if (quantity == 0) revert ZeroQuantity();
        if (block.timestamp < config.startTime) revert MintNotStarted(config.startTime);
        if (config.endTime != 0 && block.timestamp >= config.endTime) revert MintEnded(config.endTime);
        _requireAllowlisted(config.allowlistRoot, proof);
        _count(config.limitPerWallet, quantity);
        due = config.price * quantity;
        if (msg.value != due) revert WrongPayment(msg.value, due);
    }

    /// @dev The leaf is hashed twice, as StandardMerkleTree does, so that no inner node passes for a leaf.
    function _requireAllowlisted(bytes32 root, bytes32[] calldata proof) private view {
        if (root == bytes32(0)) return;
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(msg.sender))));
        if (!MerkleProof.verifyCalldata(proof, root, leaf)) revert NotAllowlisted();
    }

    /// @dev Counts also while no limit stands, so that a limit set later knows what came before.
    function _count(uint256 limit, uint256 quantity) private {
        uint256 before = mintedBy(msg.sender);
        if (limit != 0) {
            uint256 left = limit > before ? limit - before : 0;
            if (quantity > left) revert WalletLimitExceeded(quantity, left);
        }
        _recordMinted(msg.sender, before + quantity);
    }
}

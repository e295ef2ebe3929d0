// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessControlUpgradeable} from "@openzeppelin/contracts-upgradeable/access/AccessControlUpgradeable.sol";
import {OwnableUpgradeable} from "@openzeppelin/contracts-upgradeable/access/OwnableUpgradeable.sol";
import {ERC2981Upgradeable} from "@openzeppelin/contracts-upgradeable/token/common/ERC2981Upgradeable.sol";
import {PausableUpgradeable} from "@openzeppelin/contracts-upgradeable/utils/PausableUpgradeable.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {MintRules} from "./MintRules.sol";
import {CollectionInit, MintConfig} from "./Types.sol";

/// @title What both kinds of collection share: owner and roles, money, metadata, pause.
/// @notice Every change of state has its own event, at initialisation too: an indexer folds events and never
/// has to read the contract. Pausing stops mints, never transfers: nobody can freeze what a holder owns.
abstract contract CollectionBase is
    MintRules,
    OwnableUpgradeable,
    AccessControlUpgradeable,
    ERC2981Upgradeable,
    PausableUpgradeable,
    ReentrancyGuardTransient
{
    event RoyaltySet(address receiver, uint96 bps);
    event PayoutSet(address payout);
    event Withdrawn(address payout, uint256 amount);
    event BaseURISet(string baseURI);
    event ContractURIUpdated(); // ERC-7572
    event MetadataFrozen();
    /// @notice Many were given tokens at once. `entries` is the hash of the ABI-encoded lists that `airdropBatch`
    /// was called with, without `ref`. ERC-721: the ids run from `firstTokenId`; ERC-1155: it is 0.
    event Airdropped(
        bytes32 indexed ref, address indexed minter, bytes32 entries, uint256 firstTokenId, uint256 quantity
    );

    error MaxSupplyExceeded(uint256 wanted, uint256 left);
    error LengthMismatch();
    error MetadataIsFrozen();
    error InvalidPayout(address payout);
    error PayoutFailed(address payout, uint256 amount);

    bytes32 public constant MINTER_ROLE = keccak256("MINTER_ROLE");

    /// @notice Fixed at birth; 0 = open edition. Of the collection (ERC-721) or of each token id (ERC-1155).
    uint256 public maxSupply;
    /// @notice Who receives `withdraw()`.
    address public payout;
    /// @notice True once the token URIs can never change again.
    bool public metadataFrozen;

    string private _base;
    string private _contractURI;

    function __CollectionBase_init(CollectionInit calldata init) internal onlyInitializing {
        __Ownable_init(init.owner);
        maxSupply = init.maxSupply;
        _contractURI = init.contractURI;
        _setBaseURI(init.baseURI);
        _setPayout(init.payout);
        _setRoyalty(init.royaltyReceiver, init.royaltyBps);
        _setMintConfig(init.mint);
    }

    // --- rules, money ---

    function setMintConfig(MintConfig calldata config) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _setMintConfig(config);
    }

    /// @notice EIP-2981 royalty of every token; `bps` of 0 removes it.
    function setRoyalty(address receiver, uint96 bps) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _setRoyalty(receiver, bps);
    }

    function setPayout(address newPayout) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _setPayout(newPayout);
    }

    /// @notice Sends the whole balance to `payout`. Anyone may call it; a receiver that reverts blocks only
    /// its own withdrawal, never a mint.
    function withdraw() external nonReentrant {
        address receiver = payout;
        uint256 amount = address(this).balance;
        emit Withdrawn(receiver, amount);
        (bool ok,) = receiver.call{value: amount}("");
        if (!ok) revert PayoutFailed(receiver, amount);
    }

    // --- pause ---

    function pause() external onlyRole(DEFAULT_ADMIN_ROLE) {
        _pause();
    }

    function unpause() external onlyRole(DEFAULT_ADMIN_ROLE) {
        _unpause();
    }

    // --- metadata ---

    function baseURI() public view returns (string memory) {
        return _base;
    }

    /// @notice ERC-7572: metadata of the collection itself. Not covered by `freezeMetadata`.
    function contractURI() external view returns (string memory) {
        return _contractURI;
    }

    function setBaseURI(string calldata newBaseURI) public virtual onlyRole(DEFAULT_ADMIN_ROLE) {
        if (metadataFrozen) revert MetadataIsFrozen();
        _setBaseURI(newBaseURI);
    }

    function setContractURI(string calldata newContractURI) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _contractURI = newContractURI;
        emit ContractURIUpdated();
    }

    /// @notice Makes the token URIs final. There is no way back.
    function freezeMetadata() external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (metadataFrozen) revert MetadataIsFrozen();
        metadataFrozen = true;
        emit MetadataFrozen();
    }

    // --- inside ---

    function supportsInterface(bytes4 interfaceId)
        public
        view
        virtual
        override(AccessControlUpgradeable, ERC2981Upgradeable)
        returns (bool)
    {
        return super.supportsInterface(interfaceId);
    }

    /// @dev The roles of the owner move with the ownership: a former owner keeps no hidden power, and an owner
    /// whose roles an admin took away gets them back by transferring the ownership to itself.
    function _transferOwnership(address newOwner) internal override {
        address oldOwner = owner();
        super._transferOwnership(newOwner);
        if (oldOwner != address(0)) {
            _revokeRole(DEFAULT_ADMIN_ROLE, oldOwner);
            _revokeRole(MINTER_ROLE, oldOwner);
        }
        if (newOwner != address(0)) {
            _grantRole(DEFAULT_ADMIN_ROLE, newOwner);
            _grantRole(MINTER_ROLE, newOwner);
        }
    }

    /// @dev Reverts unless `wanted` more fit on top of `minted`.
    function _requireSupply(uint256 minted, uint256 wanted) internal view {
        uint256 left = (maxSupply == 0 ? type(uint256).max : maxSupply) - minted;
        if (wanted > left) revert MaxSupplyExceeded(wanted, left);
    }

    function _setBaseURI(string calldata newBaseURI) private {
        _base = newBaseURI;
        emit BaseURISet(newBaseURI);
    }

    /// @dev The zero address would burn the revenue and the collection itself could not be paid.
    function _setPayout(address newPayout) private {
        if (newPayout == address(0) || newPayout == address(this)) revert InvalidPayout(newPayout);
        payout = newPayout;
        emit PayoutSet(newPayout);
    }

    function _setRoyalty(address receiver, uint96 bps) private {
        if (bps == 0) {
            _deleteDefaultRoyalty();
        } else {
            _setDefaultRoyalty(receiver, bps);
        }
        emit RoyaltySet(receiver, bps);
    }
}
